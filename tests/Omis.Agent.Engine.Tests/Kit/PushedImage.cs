namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Where an image lies in the registry.</summary>
/// <param name="Repository">With the registry's address.</param>
/// <param name="Digest">What the tag names: the index's digest where there is one, otherwise the manifest's.</param>
/// <param name="PlatformDigest">The manifest's digest for the first platform.</param>
/// <param name="ConfigDigest">The image id on engines with the classic store.</param>
public sealed record PushedImage(string Repository, string Tag, string Digest, string PlatformDigest, string ConfigDigest)
{
    /// <summary>As a compose file names it.</summary>
    public string Reference => $"{Repository}:{Tag}";

    public string ByDigest => $"{Repository}@{Digest}";
}
