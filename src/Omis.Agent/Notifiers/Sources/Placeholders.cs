using System.Text.RegularExpressions;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;

namespace Omis.Agent.Notifiers.Sources;

/// <summary>Texts of the config in which a rollout's own names stand: <c>{project}</c>, <c>{host}</c> and <c>{rollout}</c>.</summary>
internal static partial class Placeholders
{
    /// <summary>GitHub's longest name of an environment.</summary>
    private const int LongestName = 255;

    public static readonly TextShape<string> Name = Texts.Text(
        "a name of 255 characters at most, in which {project} and {host} may stand",
        text => text.Length is > 0 and <= LongestName && !text.Any(char.IsControl) && AreKnown(text));

    public static readonly TextShape<string> Url = Texts.Text(
        "an http or https URL, in which {project}, {host} and {rollout} may stand",
        text => AreKnown(text) && Addresses.IsUrl(Placeholder().Replace(text, "x")));

    public static string FillName(string text, SourceReport report, string host)
    {
        var filled = Fill(text, report, host, value => value);
        return Fitting.Characters(filled, LongestName);
    }

    public static string? FillUrl(string? text, SourceReport report, string host) => text is null ? null : Fill(text, report, host, Uri.EscapeDataString);

    private static string Fill(string text, SourceReport report, string host, Func<string, string> escape) => Placeholder().Replace(text, match => match.Value switch
    {
        "{project}" => escape(report.Project),
        "{host}" => escape(host),
        "{rollout}" => escape(report.Rollout),
        _ => match.Value,
    });

    private static bool AreKnown(string text) => Placeholder().Matches(text).All(match => match.Value is "{project}" or "{host}" or "{rollout}");

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();
}
