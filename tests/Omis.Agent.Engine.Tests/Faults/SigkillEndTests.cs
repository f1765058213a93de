namespace Omis.Agent.Engine.Tests.Faults;

public sealed class SigkillEndTests
{
    [Theory]
    [InlineData("/containers/*/start", 0)]
    [InlineData("/containers/*/stop", 1)]
    [InlineData("/containers/*/rename", 2)]
    public Task Killed_before_the_engine_hears_of_it_the_next_start_ends_it_well(string call, int skip) =>
        KilledAgent.BeforeAsync(Lab.Current.Engines[0], "POST", call, skip);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task Killed_after_the_commit_the_next_start_clears_up(int skip) =>
        KilledAgent.AfterAsync(Lab.Current.Engines[^1], "DELETE", "/containers/*", skip);
}
