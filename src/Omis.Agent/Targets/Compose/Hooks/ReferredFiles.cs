using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>
/// Which other files a compose file brings in, by <c>include</c> or by a service that <c>extends</c> one of another file.
/// Source: compose spec, "include" and "extends". Pure.
/// </summary>
internal static class ReferredFiles
{
    /// <param name="text">Of the compose file.</param>
    /// <param name="folder">In which it lies: what paths are relative to.</param>
    /// <returns>Paths; one with a variable in it is given as it stands, and cannot be read.</returns>
    public static ImmutableArray<string> Of(string text, string folder)
    {
        if (!text.Contains("include", StringComparison.Ordinal) && !text.Contains("extends", StringComparison.Ordinal))
        {
            return [];
        }

        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            var root = yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
            var included = Items(Member(root, "include")).SelectMany(entry => Items(entry is YamlMappingNode ? Member(entry, "path") : entry));
            var extended = Values(Member(root, "services")).Select(service => Member(Member(service, "extends"), "file"));
            return [.. included.Concat(extended).OfType<YamlScalarNode>().Select(path => path.Value).OfType<string>().Distinct().Select(path => Path.Combine(folder, path))];
        }
        catch (YamlException)
        {
            // Whoever reads its hooks says so.
            return [];
        }
    }

    private static YamlNode? Member(YamlNode? node, string name) =>
        (node as YamlMappingNode)?.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode { Value: { } key } && key == name).Value;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node switch
    {
        null => [],
        YamlSequenceNode list => list.Children,
        _ => [node],
    };

    private static IEnumerable<YamlNode> Values(YamlNode? node) => (node as YamlMappingNode)?.Children.Values ?? Enumerable.Empty<YamlNode>();
}
