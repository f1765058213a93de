using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>How an image lies in the registry: a registry may answer with any of the four.</summary>
public enum ImageFormat
{
    OciIndex,
    OciManifest,
    DockerList,
    DockerManifest,
}

/// <summary>
/// An image as a value: the same content has the same digest, always. The kinds are in `TestImage.Kinds.cs`;
/// `with` changes what a kind leaves as it is.
/// </summary>
public sealed partial record TestImage
{
    public static readonly string Here = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux/arm64" : "linux/amd64";

    public ImageFormat Format { get; init; } = ImageFormat.OciIndex;

    /// <summary>A single manifest has the first of these only.</summary>
    public ImmutableArray<string> Platforms { get; init; } = [Here];

    /// <summary>Told apart from the same image of another test by this, so that each can be removed without the other.</summary>
    public string Author { get; init; } = "";

    public ImmutableArray<string> Entrypoint { get; init; } = [];

    public ImmutableArray<string> Cmd { get; init; } = [];

    /// <summary>NAME=value each.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    public string User { get; init; } = "";

    public string WorkingDir { get; init; } = "";

    public string StopSignal { get; init; } = "";

    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Like "8080/tcp".</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public HealthCheck? Health { get; init; }

    /// <summary>Contents by path without the leading slash; those in bin/ can be executed.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>This many bytes that do not compress, where a pull has to take its time.</summary>
    public int Ballast { get; init; }
}

/// <summary>An image's HEALTHCHECK.</summary>
/// <param name="Command">Run without a shell.</param>
public sealed record HealthCheck(ImmutableArray<string> Command)
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan StartPeriod { get; init; }

    public int Retries { get; init; } = 1;
}
