using Omis.Agent.Core.Recording;
using Omis.Agent.Hosting;

namespace Omis.Agent.Tests.Hosting;

public sealed class ServiceProcessTests
{
    private readonly ServiceSign ours = ServiceProcess.Sign(ServiceActivity.Idle, null);

    [Fact]
    public void A_sign_holds_while_its_process_lives() => Assert.True(ServiceProcess.Lives(ours));

    [Fact]
    public void A_sign_of_a_process_that_is_gone_is_stale() => Assert.False(ServiceProcess.Lives(ours with { Pid = int.MaxValue }));

    [Fact]
    public void Another_process_that_was_given_its_id_is_not_it() =>
        Assert.False(ServiceProcess.Lives(ours with { ProcessStartedAt = ours.ProcessStartedAt.AddHours(-1) }));

    [Fact]
    public void A_service_that_said_it_stopped_has_stopped() => Assert.False(ServiceProcess.Lives(ours with { Activity = ServiceActivity.Stopped }));
}
