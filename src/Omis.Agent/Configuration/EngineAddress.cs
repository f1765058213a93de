namespace Omis.Agent.Configuration;

/// <summary>Where the engine listens, as DOCKER_HOST writes it.</summary>
internal static class EngineAddress
{
    public const string Expected = "unix:///PATH, npipe://./pipe/NAME, tcp://HOST:PORT, http://… or https://…";

    public static Uri? TryParse(string text) =>
        Addresses.Absolute(text) is { } uri && IsRight(uri) ? uri : null;

    private static bool IsRight(Uri uri) => uri.Scheme switch
    {
        "unix" => uri.Host.Length == 0 && uri.AbsolutePath.Length > 1,
        "npipe" => uri.AbsolutePath.StartsWith("/pipe/", StringComparison.Ordinal),
        "tcp" or "http" or "https" => uri.Host.Length > 0,
        _ => false,
    };
}
