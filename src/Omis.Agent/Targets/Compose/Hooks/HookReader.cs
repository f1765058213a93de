using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>
/// Finds a service's hooks in its compose files. Nothing on the container tells of them. What would need compose itself
/// (variables, <c>extends</c>) makes them unclear, and an unclear hook is not guessed. Only files that mention a hook
/// are read: those that others bring in by <c>include</c> or <c>extends</c> are not known of. Pure.
/// </summary>
internal static class HookReader
{
    private static readonly string[] Names = ["post_start", "pre_stop"];

    private static readonly string[] Known = ["command", "user", "privileged", "working_dir", "environment", Merge];

    private const string Merge = "<<";

    /// <summary>Whether it is worth a closer look.</summary>
    public static bool Mentions(string file) => Names.Any(name => file.Contains(name, StringComparison.Ordinal));

    /// <param name="files">The texts of the compose files, in the order in which compose merges them.</param>
    public static ServiceHooks Read(IEnumerable<string> files, string service)
    {
        try
        {
            var found = files.Where(Mentions).Select(file => Of(file, service)).ToImmutableArray();
            return new ServiceHooks([.. found.SelectMany(hooks => hooks.PostStart)], [.. found.SelectMany(hooks => hooks.PreStop)]);
        }
        catch (Exception fault) when (fault is YamlException or UnclearException)
        {
            return ServiceHooks.None with { Unclear = fault.Message };
        }
    }

    private static ServiceHooks Of(string file, string service)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(file));
        if (yaml.Documents.Count == 0 || Member(yaml.Documents[0].RootNode, "services") is not { } services || Member(services, service) is not { } own)
        {
            return ServiceHooks.None;
        }

        if (Member(own, "extends") is not null)
        {
            throw new UnclearException($"{service} extends another service, which may have hooks");
        }

        return new ServiceHooks(Hooks(Member(own, Names[0])), Hooks(Member(own, Names[1])));
    }

    private static ImmutableArray<Hook> Hooks(YamlNode? list) => list switch
    {
        null => [],
        YamlSequenceNode hooks => [.. hooks.Children.Select(Hook)],
        _ => throw new UnclearException("hooks are not a list"),
    };

    private static Hook Hook(YamlNode node)
    {
        if (node is not YamlMappingNode members || members.Children.Keys.Select(Text).Except(Known).Any())
        {
            throw new UnclearException($"a hook has keys that are not understood; known are {string.Join(", ", Known[..^1])}");
        }

        return new Hook(
            Member(members, "command") switch
            {
                YamlSequenceNode list => [.. list.Children.Select(Text)],
                YamlScalarNode line => ShellWords.Split(Text(line)),
                _ => throw new UnclearException("a hook has no command"),
            },
            Optional(members, "user"),
            Optional(members, "privileged") == "true",
            Optional(members, "working_dir"),
            Environment(Member(members, "environment")));
    }

    private static ImmutableArray<string> Environment(YamlNode? node) => node switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(Text)],
        YamlMappingNode map => [.. map.Children.Select(entry => $"{Text(entry.Key)}={Text(entry.Value)}")],
        _ => throw new UnclearException("a hook's environment is neither a list nor a map"),
    };

    private static string Optional(YamlNode members, string name) => Member(members, name) is { } node ? Text(node) : "";

    /// <summary>A key of the mapping itself or of one that it merges with <c>&lt;&lt;</c>.</summary>
    private static YamlNode? Member(YamlNode node, string name)
    {
        if (node is not YamlMappingNode map)
        {
            return null;
        }

        var own = map.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode { Value: { } key } && key == name).Value;
        var merged = map.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode { Value: Merge }).Value;
        return own ?? merged switch
        {
            YamlMappingNode one => Member(one, name),
            YamlSequenceNode several => several.Children.Select(each => Member(each, name)).FirstOrDefault(found => found is not null),
            _ => null,
        };
    }

    /// <summary>Compose writes a dollar as two; a single one names a variable of the shell in which it ran.</summary>
    private static string Text(YamlNode node)
    {
        var text = (node as YamlScalarNode)?.Value ?? throw new UnclearException("a hook has a value that is no text");
        var plain = text.Replace("$$", "", StringComparison.Ordinal);
        return plain.Contains('$', StringComparison.Ordinal)
            ? throw new UnclearException("a hook uses a variable whose value only the person who ran compose knows")
            : text.Replace("$$", "$", StringComparison.Ordinal);
    }

    private sealed class UnclearException(string message) : Exception(message);
}
