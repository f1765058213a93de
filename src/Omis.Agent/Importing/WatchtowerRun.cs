using System.Collections.Immutable;

namespace Omis.Agent.Importing;

/// <summary>How a Watchtower is run, wherever that was read. It holds secrets, so it prints none of its values.</summary>
/// <param name="Arguments">Behind the image's name.</param>
/// <param name="Mounts">Bind mounts as <c>HOST:CONTAINER</c>.</param>
/// <param name="Ports">Published ports as <c>[ADDRESS:]HOST:CONTAINER</c>.</param>
/// <param name="Labels">Watchtower's labels on the containers of the same source, with whose they are.</param>
/// <param name="Unread">What was there and could not be read.</param>
internal sealed record WatchtowerRun(
    ImmutableDictionary<string, string> Environment,
    ImmutableArray<string> Arguments,
    ImmutableArray<string> Mounts,
    ImmutableArray<string> Ports,
    ImmutableArray<(string Of, string Label)> Labels,
    ImmutableArray<string> Unread)
{
    public static readonly WatchtowerRun Empty = new(ImmutableDictionary<string, string>.Empty, [], [], [], [], []);

    /// <summary>Whether an image is Watchtower: the first one, a fork, or a copy in a registry of one's own.</summary>
    public static bool IsImage(string? image) => image is not null && image.Split('@')[0].Split('/')[^1].Split(':')[0] == "watchtower";

    public override string ToString() => $"WatchtowerRun {{ Arguments = {Arguments.Length}, Environment = {Environment.Count} }}";
}

/// <summary>What was given cannot be read as a Watchtower.</summary>
internal sealed class ImportException(string message) : Exception(message);
