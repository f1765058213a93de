using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Omis.Agent.Core.Naming;

/// <summary>
/// Where an image comes from, normalised as Docker does: <c>nginx</c> is <c>docker.io/library/nginx:latest</c>.
/// Grammar: github.com/distribution/reference, "reference.go".
/// </summary>
public sealed partial record ImageReference
{
    private const string DockerHub = "docker.io";

    private ImageReference(string registry, string repository, string? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>Host and optional port, lower case: <c>docker.io</c>, <c>127.0.0.1:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The path within the registry: <c>library/nginx</c>.</summary>
    public string Repository { get; }

    public string? Tag { get; }

    public Digest? Digest { get; }

    /// <summary>The name as the engine lists it in RepoTags and RepoDigests: <c>nginx</c>, <c>host/repo</c>.</summary>
    public string LocalName =>
        Registry != DockerHub ? $"{Registry}/{Repository}"
        : Repository.StartsWith("library/", StringComparison.Ordinal) ? Repository["library/".Length..]
        : Repository;

    /// <summary><c>name:tag</c> as the engine lists it; the tag is <c>latest</c> where none is given.</summary>
    public string LocalTag => $"{LocalName}:{Tag ?? "latest"}";

    /// <exception cref="FormatException">The text is not an image reference.</exception>
    public static ImageReference Parse(string text) =>
        TryParse(text, out var reference)
            ? reference
            : throw new FormatException($"'{text}' is not an image reference; expected [HOST/]NAME[:TAG][@DIGEST]");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        // "sha256:…" alone is an image ID, though it could be read as a repository with a tag.
        if (text is null or { Length: > 1024 } || Naming.Digest.TryParse(text, out _) || Grammar().Match(text) is not { Success: true } match)
        {
            return false;
        }

        Digest? digest = null;
        if (match.Groups["digest"] is { Success: true } at && !Naming.Digest.TryParse(at.Value, out digest))
        {
            return false;
        }

        var (registry, repository) = Split(match.Groups["name"].Value);
        if (repository.Length is 0 or > 255 || !Path().IsMatch(repository))
        {
            return false;
        }

        // A 64-digit hex name is how Docker writes an image ID; it names no repository.
        if (digest is null && repository.Length == 64 + "library/".Length && ImageId().IsMatch(repository))
        {
            return false;
        }

        var tag = match.Groups["tag"] is { Success: true } t ? t.Value : digest is null ? "latest" : null;
        reference = new ImageReference(registry, repository, tag, digest);
        return true;
    }

    /// <summary>The same repository at one digest, as the engine pulls it: <c>name@sha256:…</c>.</summary>
    public string At(Digest digest) => $"{LocalName}@{digest}";

    public override string ToString() =>
        LocalName + (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");

    private static (string Registry, string Repository) Split(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsUpper);
        var (registry, repository) = isHost ? (first.ToLowerInvariant(), name[(slash + 1)..]) : (DockerHub, name);
        registry = registry is "index.docker.io" or "registry-1.docker.io" ? DockerHub : registry;
        return registry == DockerHub && !repository.Contains('/', StringComparison.Ordinal)
            ? (registry, "library/" + repository)
            : (registry, repository);
    }

    [GeneratedRegex(@"^(?<name>(?:[A-Za-z0-9.\-]+(?::[0-9]{1,5})?/|\[[0-9a-fA-F:]+\](?::[0-9]{1,5})?/)?[a-z0-9._\-/]+)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[0-9a-f]+))?\z")]
    private static partial Regex Grammar();

    [GeneratedRegex(@"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex Path();

    [GeneratedRegex(@"^library/[0-9a-f]{64}\z")]
    private static partial Regex ImageId();
}
