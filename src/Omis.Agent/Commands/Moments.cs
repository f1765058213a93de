using System.Globalization;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Commands;

/// <summary>Times as they are typed.</summary>
internal static class Moments
{
    /// <summary>RFC 3339 (a zone that is not given is UTC), or a duration before now.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset? Since(string? text, DateTimeOffset now, string name = "--since") =>
        text is null ? null
        : Durations.TryParse(text) is { } ago ? now - ago
        : char.IsAsciiDigit(text.FirstOrDefault()) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new UsageException($"{name}: '{text}' is neither a time such as 2026-05-01T12:00:00Z nor a duration such as 2h");

    /// <exception cref="UsageException">It is no duration, or none at all.</exception>
    public static DateTimeOffset? Until(string? text, DateTimeOffset now, string name = "--for") =>
        text is null ? null
        : Durations.TryParse(text) is { } span && span > TimeSpan.Zero ? now + span
        : throw new UsageException($"{name}: '{text}' is not a duration such as 90s, 30m or 2h");
}
