using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>
/// Finds a service's hooks in its compose files. Nothing on the container tells of them. What would need compose itself
/// (variables, <c>extends</c>) makes them unclear, and an unclear hook is not guessed. Where no file mentions a hook nothing
/// is read. Pure.
/// </summary>
internal static class HookReader
{
    private static readonly string[] Names = ["post_start", "pre_stop"];

    private static readonly string[] Known = ["command", "user", "privileged", "working_dir", "environment", Merge];

    private const string Merge = "<<";

    private const string Extends = "extends";

    private static bool Mentions(string file) => Names.Any(name => file.Contains(name, StringComparison.Ordinal));

    /// <param name="files">The texts of the compose files and of those that they refer to, in the order in which compose merges them.</param>
    public static ServiceHooks Read(ImmutableArray<string> files, string service)
    {
        if (!files.Any(Mentions))
        {
            return ServiceHooks.None;
        }

        try
        {
            var services = files.Select(Services).OfType<YamlNode>().ToImmutableArray();
            var found = services.Select(all => Member(all, service)).OfType<YamlNode>().ToImmutableArray();
            if (found.Any(own => Member(own, Extends) is { } other && Inherits(services, other, [service])))
            {
                throw new UnclearException($"{service} extends a service that may have hooks");
            }

            return new ServiceHooks([.. found.SelectMany(own => Hooks(Member(own, Names[0])))], [.. found.SelectMany(own => Hooks(Member(own, Names[1])))]);
        }
        catch (Exception fault) when (fault is YamlException or UnclearException)
        {
            return ServiceHooks.None with { Unclear = fault.Message };
        }
    }

    private static YamlNode? Services(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(file));
        return yaml.Documents.Count == 0 ? null : Member(yaml.Documents[0].RootNode, "services");
    }

    /// <summary>Whether what is extended may have hooks: in whichever file it stands, or if it stands in none.</summary>
    private static bool Inherits(ImmutableArray<YamlNode> services, YamlNode extends, ImmutableArray<string> seen)
    {
        var name = Text(extends is YamlScalarNode ? extends : Member(extends, "service") ?? extends);
        var found = services.Select(all => Member(all, name)).OfType<YamlNode>().ToImmutableArray();
        return found.IsEmpty
            || found.Any(own => Names.Any(hook => Member(own, hook) is not null))
            || (!seen.Contains(name) && found.Any(own => Member(own, Extends) is { } other && Inherits(services, other, seen.Add(name))));
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
