using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using static Omis.Agent.Core.Tests.Probing.ProbingScene;

namespace Omis.Agent.Core.Tests.Probing;

public sealed class ProberTests
{
    private readonly ProbingScene scene = new();

    [Fact]
    public async Task A_container_that_stays_well_is_healthy_when_its_stable_time_is_over()
    {
        var result = await scene.WatchAsync();

        Assert.IsType<Health.Healthy>(result.Verdict);
        Assert.Equal(TimeSpan.Zero, scene.Since(result.FirstOkAt!.Value));
        Assert.Equal(TimeSpan.FromSeconds(2), scene.Looks[^1]);
    }

    [Fact]
    public async Task One_that_does_not_answer_yet_is_asked_every_50_ms_and_the_first_good_look_is_told()
    {
        scene.Sampler.Script("web", Sick, Sick, Sick, Well);

        var result = await scene.WatchAsync();

        Assert.Equal([0, 50, 100, 150], scene.Looks.Take(4).Select(look => look.TotalMilliseconds));
        Assert.Equal(TimeSpan.FromMilliseconds(150), scene.Since(result.FirstOkAt!.Value));
    }

    [Fact]
    public async Task A_dead_container_is_told_at_once()
    {
        scene.Sampler.Script("web", Dead);

        var result = await scene.WatchAsync();

        Assert.Equal(new Health.Unhealthy(ReasonCode.Exited, "exit code 1", ImageFault: true), result.Verdict);
        Assert.Null(result.FirstOkAt);
        Assert.Single(scene.Looks);
    }

    [Fact]
    public async Task One_that_is_never_well_is_given_up_at_the_deadline()
    {
        scene.Sampler.Script("web", Sick);

        var result = await scene.WatchAsync();

        Assert.Equal(ReasonCode.ProbeFailed, Assert.IsType<Health.Unhealthy>(result.Verdict).Code);
        Assert.InRange(scene.Looks[^1], TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(21));
    }

    [Theory]
    [InlineData(500, 500)]
    [InlineData(30_000, 1000)]
    public async Task It_is_asked_as_often_as_its_most_impatient_probe_says_and_each_second_at_least(int every, int asked)
    {
        ProbeSpec Every(int milliseconds) => new ProbeSpec.Tcp("127.0.0.1:1") { Every = TimeSpan.FromMilliseconds(milliseconds) };
        scene.Rules = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), [Every(60_000), Every(every)]);

        await scene.WatchAsync();

        Assert.Equal([0, asked, 2 * asked], scene.Looks.Take(3).Select(look => look.TotalMilliseconds));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Cancelling_throws_and_is_never_healthy(int atLook)
    {
        using var stop = new CancellationTokenSource();
        scene.Rules = scene.Rules with { StableFor = TimeSpan.Zero };
        scene.Sampler.Script("web", Sick, Sick, Sick, Well);
        scene.OnLook = look => Cancel(stop, look == atLook);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.WatchAsync(stop.Token));
        Assert.Equal(atLook + 1, scene.Looks.Count);
    }

    [Fact]
    public async Task Cancelling_between_looks_throws()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1), scene.Time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.WatchAsync(stop.Token));
    }

    [Fact]
    public async Task Only_those_that_are_well_are_named()
    {
        scene.Sampler.Script("db", Sick);

        Assert.Equal(["web", "cache"], (await scene.WellAsync(CancellationToken.None, "web", "db", "cache")).Select(subject => subject.ContainerId));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.WellAsync(new CancellationToken(canceled: true), "web"));
    }

    private static void Cancel(CancellationTokenSource stop, bool now)
    {
        if (now)
        {
            stop.Cancel();
        }
    }
}
