using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Tests.Observing;

public sealed class WorkloadLabelsTests
{
    [Theory]
    [InlineData("omis.agent.update=never", UpdateMode.Never)]
    [InlineData("omis.agent.update=notify", UpdateMode.Notify)]
    [InlineData("com.centurylinklabs.watchtower.enable=false", UpdateMode.Never)]
    [InlineData("com.centurylinklabs.watchtower.monitor-only=true", UpdateMode.Notify)]
    [InlineData("omis.agent.update=auto com.centurylinklabs.watchtower.enable=false", UpdateMode.Auto)]
    [InlineData("com.centurylinklabs.watchtower.enable=true", null)]
    [InlineData("", null)]
    public void Our_label_wins_over_Watchtowers(string labels, UpdateMode? expected) => Assert.Equal(expected, Parse(labels).Update);

    [Theory]
    [InlineData("omis.agent.update=sometimes", "label omis.agent.update: 'sometimes' is not one of auto, notify, never")]
    [InlineData("omis.agent.healthy.deadline=soon", "label omis.agent.healthy.deadline: 'soon' is not a duration such as 90s or 1m30s")]
    [InlineData("omis.agent.probe.http=ftp://x", "label omis.agent.probe.http: 'ftp://x' is not a URL such as http://127.0.0.1:8080/health")]
    [InlineData("omis.agent.probe.tcp=8080", "label omis.agent.probe.tcp: '8080' is not HOST:PORT such as 127.0.0.1:8080")]
    public void What_cannot_be_read_says_what_would_be_right(string labels, string error) => Assert.Equal([error], Parse(labels).Errors);

    [Fact]
    public void An_unknown_label_of_ours_is_a_typo() => Assert.Contains("label omis.agent.udpate: unknown", Assert.Single(Parse("omis.agent.udpate=never").Errors), StringComparison.Ordinal);

    [Theory]
    [InlineData("omis.agent.probe.http=http://{ip}:8080/health")]
    [InlineData("omis.agent.probe.http=https://127.0.0.1:{port:8443}/")]
    [InlineData("omis.agent.probe.tcp={ip}:{port:53/udp}")]
    public void Placeholders_are_allowed(string labels) => Assert.Empty(Parse(labels).Errors);

    [Fact]
    public void Labels_win_over_the_file_and_leave_room_for_the_stability_they_ask_for()
    {
        var rules = new AgentSettings().HealthFor(new WorkloadId("shop", "web"), Parse("omis.agent.healthy.stable-for=10m omis.agent.probe.tcp=127.0.0.1:80"));

        Assert.Equal(TimeSpan.FromMinutes(10), rules.StableFor);
        Assert.Equal(TimeSpan.FromMinutes(15), rules.Deadline);
        Assert.Equal("127.0.0.1:80", Assert.IsType<ProbeSpec.Tcp>(Assert.Single(rules.Probes)).Address);
    }

    [Fact]
    public void Only_the_labels_that_matter_are_kept() =>
        Assert.Equal(["omis.agent.update"], WorkloadLabels.Ours(Labels("omis.agent.update=never secret=hunter2")).Keys);

    private static WorkloadLabels Parse(string labels) => WorkloadLabels.Parse(Labels(labels));

    private static ImmutableDictionary<string, string> Labels(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(label => label.Split('=', 2)).ToImmutableDictionary(label => label[0], label => label[1]);
}
