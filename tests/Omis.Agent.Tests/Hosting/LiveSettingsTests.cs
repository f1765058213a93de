using Omis.Agent.Configuration;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Hosting;

public sealed class LiveSettingsTests
{
    private static readonly AgentSettings First = new() { Engine = new(new Uri("unix:///run/docker.sock")) };

    private ConfigResult read = new(First, [], []);

    [Fact]
    public void A_bad_config_leaves_the_last_good_one_in_force_and_says_why_until_it_is_mended()
    {
        using var live = new LiveSettings(First, () => read, new ListLogger<LiveSettings>());
        var changed = live.Changed;

        read = new(null, [new ConfigError("check.every", "found 'x', expected a duration")], []);
        live.Reload();
        Assert.Same(First, live.Current);
        Assert.False(changed.IsCancellationRequested);
        Assert.Equal(["check.every: found 'x', expected a duration"], live.Problems);

        var second = First with { Check = new() { Every = TimeSpan.FromMinutes(1) } };
        read = new(second, [], []);
        live.Reload();
        Assert.Same(second, live.Current);
        Assert.True(changed.IsCancellationRequested);
        Assert.Empty(live.Problems);
    }

    [Fact]
    public void The_state_stays_where_it_is()
    {
        using var live = new LiveSettings(First, () => read, new ListLogger<LiveSettings>());
        read = new(First with { StateDirectory = "/elsewhere" }, [], []);
        live.Reload();
        Assert.Same(First, live.Current);
        Assert.Contains("state.directory", Assert.Single(live.Problems), StringComparison.Ordinal);
    }
}
