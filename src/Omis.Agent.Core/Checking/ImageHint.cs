using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Checking;

/// <summary>Where somebody says that something new is. Only a hint: which digest it is, the registry alone is asked.</summary>
/// <param name="Registry">As <see cref="ImageReference.Registry"/>.</param>
/// <param name="Repository">As <see cref="ImageReference.Repository"/>.</param>
/// <param name="Tag">Null where the whole repository is meant.</param>
public sealed record ImageHint(string Registry, string Repository, string? Tag)
{
    /// <returns>Null where the text is no image reference. One without a tag, or by digest, means the whole repository.</returns>
    public static ImageHint? TryParse(string? text)
    {
        if (!ImageReference.TryParse(text, out var image))
        {
            return null;
        }

        var tagged = image.Digest is null && text!.LastIndexOf(':') > text.LastIndexOf('/');
        return new ImageHint(image.Registry, image.Repository, tagged ? image.Tag : null);
    }

    /// <param name="tag">None, or an empty one, for the whole repository.</param>
    /// <returns>Null where the parts make no image reference.</returns>
    public static ImageHint? TryOf(string? host, string? repository, string? tag)
    {
        var wanted = string.IsNullOrEmpty(tag) ? null : tag;
        var hint = string.IsNullOrEmpty(host) ? null : TryParse($"{host}/{repository}{(wanted is null ? "" : ":" + wanted)}");

        // A host that does not look like one, or a tag inside the repository, would have been read as something else.
        return hint?.Tag == wanted && string.Equals(hint?.Registry, host, StringComparison.OrdinalIgnoreCase) ? hint : null;
    }

    public bool Names(ImageReference image) =>
        image.Registry == Registry && image.Repository == Repository && (Tag is null || image.Tag == Tag);

    public override string ToString() => Tag is null ? $"{Registry}/{Repository}" : $"{Registry}/{Repository}:{Tag}";
}
