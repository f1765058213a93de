using System.Globalization;
using System.Text.Json;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Words and figures as messages show them.</summary>
internal static class MessageText
{
    public static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static string? Span(long? milliseconds) => milliseconds is { } ms ? Span(TimeSpan.FromMilliseconds(ms)) : null;

    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        _ => Durations.Text(TimeSpan.FromSeconds(Math.Round(span.TotalSeconds))),
    };

    /// <summary><c>1.2.0 → 1.3.0 (1a2b3c4 → 5d6e7f8)</c>, as far as the images say.</summary>
    public static string? Versions(ImageOrigin? from, ImageOrigin? to) =>
        (Pair(from?.Version, to?.Version), Pair(Short(from?.Revision), Short(to?.Revision))) switch
        {
            (null, var commits) => commits,
            (var versions, null) => versions,
            var (versions, commits) => $"{versions} ({commits})",
        };

    /// <summary>Loud where something went wrong: no message of a revert is to be taken for a success.</summary>
    public static string Headline(RolloutRecord record) => record.Outcome switch
    {
        Outcome.Committed when record.Kind == EntryKind.Rollback => "rolled back",
        Outcome.Committed => "updated",
        Outcome.Reverted => "update REVERTED",
        Outcome.Stuck => "STUCK, needs a person",
        Outcome.Refused => "update held back",
        _ => "update failed, nothing touched",
    };

    private static string? Pair(string? from, string? to) =>
        (from, to) switch
        {
            (null, null) => null,
            (_, null) => null,
            (null, _) => to,
            _ when from == to => to,
            _ => $"{from} → {to}",
        };

    private static string? Short(string? revision) => revision is { Length: > 12 } ? revision[..7] : revision;
}
