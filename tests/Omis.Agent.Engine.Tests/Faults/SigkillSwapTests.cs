namespace Omis.Agent.Engine.Tests.Faults;

public sealed class SigkillSwapTests
{
    [Theory]
    [InlineData("/containers/*/update", 0)]
    [InlineData("/containers/*/rename", 0)]
    [InlineData("/containers/*/rename", 1)]
    [InlineData("/containers/*/stop", 0)]
    [InlineData("/containers/*/start", 0)]
    [InlineData("/containers/*/start", 1)]
    public Task Killed_when_the_engine_has_done_its_part_the_next_start_ends_it_well(string call, int skip) =>
        KilledAgent.AfterAsync(Lab.Current.Engines[^1], "POST", call, skip);
}
