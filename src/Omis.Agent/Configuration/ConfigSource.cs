using System.Collections.Immutable;
using System.Text.Json;

namespace Omis.Agent.Configuration;

/// <summary>One of the places that the config comes from: the file, its fragments, the environment; the later goes before the earlier.</summary>
/// <param name="Name">A path, or <c>the environment</c>.</param>
internal sealed record ConfigSource(string Name, JsonDocument Document) : IDisposable
{
    /// <summary>Where <paramref name="file"/> is <c>/etc/omis-agent.json</c>, the fragments are <c>/etc/omis-agent.d/*.json</c>, in the order of their names.</summary>
    public static ImmutableArray<string> FragmentsOf(string file)
    {
        var folder = Path.ChangeExtension(file, ".d");
        try
        {
            return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder itself is named, and reading it as a file says why it cannot be read.
            return [folder];
        }
    }

    /// <summary>The source that a mistake is to be looked for in: the last that says anything at its path.</summary>
    public static string? NameOf(IReadOnlyList<ConfigSource> sources, string path)
    {
        var keys = path.Split('.', '[');
        return sources.Count < 2 ? null : sources.Reverse().MaxBy(source => Depth(source.Document.RootElement, keys))!.Name;
    }

    public void Dispose() => Document.Dispose();

    private static int Depth(JsonElement element, string[] keys)
    {
        var depth = 0;
        while (depth < keys.Length && element.ValueKind == JsonValueKind.Object && element.TryGetProperty(keys[depth], out var next))
        {
            (element, depth) = (next, depth + 1);
        }

        return depth;
    }
}
