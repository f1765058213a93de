namespace Omis.Agent.Core.Applying;

/// <summary>Where an image says that it came from: its <c>org.opencontainers.image.*</c> labels. Source: OCI image spec, annotations.md.</summary>
/// <param name="Source">The URL of the source code.</param>
/// <param name="Revision">The commit in it.</param>
public sealed record ImageOrigin(string? Version, string? Revision, string? Source)
{
    private const int Longest = 300;

    /// <returns>Null where it says nothing.</returns>
    public static ImageOrigin? Of(Func<string, string?> label)
    {
        var origin = new ImageOrigin(Read(label, "version"), Read(label, "revision"), Read(label, "source"));
        return origin == new ImageOrigin(null, null, null) ? null : origin;
    }

    private static string? Read(Func<string, string?> label, string name) =>
        label($"org.opencontainers.image.{name}")?.Trim() is { Length: > 0 and <= Longest } text && !text.Any(char.IsControl) ? text : null;
}
