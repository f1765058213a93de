using System.Globalization;

namespace Omis.Agent.Registries;

/// <summary>
/// When Docker Hub's limit is over, in seconds since 1970. Its <c>RateLimit-Limit</c> and <c>RateLimit-Remaining</c>
/// count pulls, which a HEAD is not, so none left is no reason to stop asking.
/// Sources: Docker Hub API reference, "Rate limiting"; docs.docker.com/docker-hub/usage/pulls.
/// </summary>
internal static class RateHeaders
{
    private static readonly double Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Null where it is not told, or no time.</summary>
    public static DateTimeOffset? Reset(HttpResponseMessage response) => Seconds(response, "X-Retry-After") ?? Seconds(response, "X-RateLimit-Reset");

    private static DateTimeOffset? Seconds(HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values)
        && double.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
