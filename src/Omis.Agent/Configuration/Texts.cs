using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Configuration;

/// <summary>The kinds of text that several parts of the config share.</summary>
internal static partial class Texts
{
    private const string DurationPattern = @"0|(?:[0-9]{1,9}(?:\.[0-9]{1,6})?(?:us|ms|s|m|h|d))+";

    public static readonly TextShape<string> Plain = Text("a text that is not empty", IsPlain);

    public static readonly TextShape<string> Secret = new("a text that is not empty", Where(IsPlain), text => text) { Secret = true };

    public static readonly TextShape<TimeSpan> Duration = DurationOf(TimeSpan.Zero);

    public static readonly TextShape<double> Percent = new("a percentage from 0% to 100%", ParsePercent, share => $"{(share * 100).ToString(CultureInfo.InvariantCulture)}%")
    {
        Pattern = "[0-9]{1,3}(?:\\.[0-9]{1,6})?%",
    };

    /// <summary>Bytes; units as Docker shows them, and the binary ones.</summary>
    public static readonly TextShape<long> Size = new("a size such as 500MB or 2GiB", ParseSize, bytes => bytes % 1_000_000 == 0 ? $"{bytes / 1_000_000}MB" : $"{bytes}B")
    {
        Pattern = "0|[0-9]{1,6}(?:\\.[0-9]{1,3})?(?:B|[kMGT]B|[KMGT]iB)",
    };

    public static readonly TextShape<string> HostAndPort = Text("HOST:PORT such as 127.0.0.1:8480", Addresses.IsHostAndPort);

    public static readonly TextShape<string> Listen = Text("HOST:PORT of an address of this machine, such as 127.0.0.1:8480", text => Addresses.Endpoint(text) is not null);

    public static readonly TextShape<string> SecretUrl = new("an http or https URL", Where(Addresses.IsUrl), text => text) { Secret = true };

    public static readonly TextShape<string> Url = Text("an http or https URL", Addresses.IsUrl);

    public static readonly TextShape<TimeZoneInfo> TimeZone = new(
        "a time zone such as Europe/Berlin or UTC",
        (text, _) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone) ? new(zone) : null,
        zone => zone.Id);

    /// <summary>A file that must be there: in $CREDENTIALS_DIRECTORY or beside the config.</summary>
    public static readonly TextShape<string> File = new(
        "a file that exists, in $CREDENTIALS_DIRECTORY or beside the config",
        (text, folder) => folder.File(text) is var path && System.IO.File.Exists(path) ? new(path) : null,
        text => text)
    { OwnFile = true };

    /// <summary>Where the agent itself keeps something; relative names start beside the config.</summary>
    public static readonly TextShape<string> Place = new(
        "a path",
        (text, folder) => IsPlain(text) ? new(Path.GetFullPath(folder.Beside(text))) : null,
        text => text);

    public static TextShape<TimeSpan> DurationOf(TimeSpan least) => new(
        "a duration such as 90s or 1m30s" + (least > TimeSpan.Zero ? $", at least {Durations.Text(least)}" : ""),
        (text, _) => Durations.TryParse(text) is { } value && value >= least ? new(value) : null,
        Durations.Text)
    { Pattern = DurationPattern };

    public static TextShape<string> Text(string expected, Func<string, bool> isRight, string? pattern = null) =>
        new(expected, Where(isRight), text => text) { Pattern = pattern };

    public static TextShape<T> OneOf<T>(params (string Name, T Value)[] values) => new(
        "one of " + string.Join(", ", values.Select(value => value.Name)),
        (text, _) => Array.FindIndex(values, one => one.Name == text) is >= 0 and var index ? new(values[index].Value) : null,
        value => values.First(one => Equals(one.Value, value)).Name)
    { Values = [.. values.Select(value => value.Name)] };

    public static TextShape<T> OneOf<T>(params IEnumerable<T> values)
        where T : struct, Enum =>
        OneOf([.. values.Select(value => (JsonNamingPolicy.CamelCase.ConvertName(value.ToString()), value))]);

    private static Parse<string> Where(Func<string, bool> isRight) => (text, _) => isRight(text) ? new(text) : null;

    private static bool IsPlain(string text) => text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);

    private static Parsed<double>? ParsePercent(string text, ConfigFolder folder) =>
        PercentGrammar().IsMatch(text) && double.Parse(text[..^1], CultureInfo.InvariantCulture) is <= 100 and var percent ? new(percent / 100) : null;

    private static Parsed<long>? ParseSize(string text, ConfigFolder folder)
    {
        if (SizeGrammar().Match(text) is not { Success: true } match)
        {
            return null;
        }

        if (!match.Groups[1].Success)
        {
            return new(0);
        }

        var unit = match.Groups[2].Value;
        var power = "BKMGT".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal);
        return new((long)(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * Math.Pow(unit.Contains('i', StringComparison.Ordinal) ? 1024 : 1000, power)));
    }

    [GeneratedRegex(@"^(?:0|([0-9]{1,6}(?:\.[0-9]{1,3})?)(B|[kMGT]B|[KMGT]iB))\z")]
    private static partial Regex SizeGrammar();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{1,6})?%\z")]
    private static partial Regex PercentGrammar();
}
