namespace Omis.Agent.Engine.Tests.Faults;

public sealed class SigkillStagingTests
{
    [Theory]
    [InlineData("/images/create", 0)]
    [InlineData("/images/*/tag", 0)]
    [InlineData("/images/*/tag", 2)]
    [InlineData("/containers/create", 0)]
    [InlineData("/containers/create", 1)]
    public Task Killed_when_the_engine_has_done_its_part_the_next_start_clears_up(string call, int skip) =>
        KilledAgent.AfterAsync(Lab.Current.Engines[0], "POST", call, skip);
}
