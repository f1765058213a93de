using System.Globalization;
using Docker.DotNet;

namespace Omis.Agent.Engine;

/// <summary>One engine at one negotiated API version, until a call fails to reach it.</summary>
internal sealed record EngineSession(DockerClient Client, HttpClient Raw, Version ApiVersion, bool ContainerdImageStore, string? DataRoot, string Platform) : IDisposable
{
    /// <summary>The newest API version whose fields the blueprint knows how to treat.</summary>
    public static readonly Version NewestKnown = new(1, 51);

    public string Path(string path) => string.Create(CultureInfo.InvariantCulture, $"/v{ApiVersion.Major}.{ApiVersion.Minor}{path}");

    /// <summary>
    /// The older of the engine's newest and ours, but not below the engine's oldest: Docker 29 refuses versions below 1.44.
    /// Source: Engine API, "Versioning".
    /// </summary>
    public static Version Negotiate(Version newest, Version oldest)
    {
        var wanted = newest < NewestKnown ? newest : NewestKnown;
        return wanted < oldest ? oldest : wanted;
    }

    public void Dispose()
    {
        Client.Dispose();
        Raw.Dispose();
    }
}
