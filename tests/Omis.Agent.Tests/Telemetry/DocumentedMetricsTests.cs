using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Telemetry;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Telemetry;

/// <summary>The metrics, their documentation, the alerts and the dashboard speak of the same things.</summary>
public sealed partial class DocumentedMetricsTests
{
    [Fact]
    public void What_is_documented_is_what_there_is()
    {
        var documented = Row().Matches(File.ReadAllText(RepositoryFile.Of("docs/monitoring.md"))).Select(match => match.Groups[1].Value);

        Assert.Equal(Names().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("docs/monitoring/alerts.yml")]
    [InlineData("docs/monitoring/dashboard.json")]
    public void Alerts_and_the_dashboard_ask_for_nothing_else(string file)
    {
        var names = Names();
        var asked = Name().Matches(File.ReadAllText(RepositoryFile.Of(file))).Select(match => Histogram().Replace(match.Value, "")).Distinct().ToList();

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, names));
    }

    private static IReadOnlyCollection<string> Names()
    {
        using var observatory = new Observatory(new TelemetrySettings(), new Dictionary<string, string>(), () => new StatusReport { Service = ServiceActivity.Idle, Pauses = [], Projects = [] }, new FakeTimeProvider());
        return [.. observatory.Names];
    }

    [GeneratedRegex(@"(?m)^\| `(omis_agent_[a-z_]+)` \|")]
    private static partial Regex Row();

    [GeneratedRegex("omis_agent_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("_bucket$")]
    private static partial Regex Histogram();
}
