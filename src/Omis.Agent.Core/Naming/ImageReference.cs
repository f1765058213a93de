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

    private const string Official = "library/";

    /// <summary>As written: the engine lists <c>EXAMPLE.com/app</c> under exactly that name.</summary>
    private readonly string _host;

    private ImageReference(string host, string repository, string? tag, Digest? digest)
    {
        _host = host;
        Registry = host.ToLowerInvariant();
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
        _host != DockerHub ? $"{_host}/{Repository}"
        : IsOfficial(Repository) ? Repository[Official.Length..]
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
        if (text is null or { Length: > 1024 } || ImageId().IsMatch(text))
        {
            return false;
        }

        var (host, rest) = Split(text);
        if (!Host().IsMatch(host) || Rest().Match(rest) is not { Success: true } match || match.Groups["path"].Length > 255)
        {
            return false;
        }

        Digest? digest = null;
        if (match.Groups["digest"] is { Success: true } at && !Naming.Digest.TryParse(at.Value, out digest))
        {
            return false;
        }

        var tag = match.Groups["tag"] is { Success: true } t ? t.Value : digest is null ? "latest" : null;
        reference = new ImageReference(host, match.Groups["path"].Value, tag, digest);
        return true;
    }

    /// <summary>The same repository at one digest, as the engine pulls it: <c>name@sha256:…</c>.</summary>
    public string At(Digest digest) => $"{LocalName}@{digest}";

    public override string ToString() =>
        LocalName + (Tag is null ? "" : ":" + Tag) + (Digest is { } digest ? "@" + digest : "");

    private static (string Host, string Remainder) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        var (host, rest) = IsHost(first) ? (first, text[(slash + 1)..]) : (DockerHub, text);
        host = host == "index.docker.io" ? DockerHub : host;
        return host == DockerHub && !rest.Contains('/', StringComparison.Ordinal) ? (host, Official + rest) : (host, rest);
    }

    /// <summary>A namespace of Docker Hub has neither dot nor colon nor capitals, so anything that has is a host.</summary>
    private static bool IsHost(string first) =>
        first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsUpper);

    private static bool IsOfficial(string repository) =>
        repository.StartsWith(Official, StringComparison.Ordinal) && repository.LastIndexOf('/') == Official.Length - 1;

    [GeneratedRegex(@"^(?:[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?\z")]
    private static partial Regex Host();

    [GeneratedRegex(@"^(?<path>[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.\-]{0,127}))?(?:@(?<digest>[a-z0-9]+:[0-9a-f]+))?\z")]
    private static partial Regex Rest();

    /// <summary>How Docker writes an image ID, in full or without its algorithm; it names no repository.</summary>
    [GeneratedRegex(@"^(?:sha256:)?[0-9a-f]{64}\z")]
    private static partial Regex ImageId();
}
