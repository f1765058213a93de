using System.Collections.Immutable;
using Omis.Agent.Core.Observing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Omis.Agent.Importing;

/// <summary>Finds Watchtower in a compose file, and its labels on the other services. Source: compose spec.</summary>
internal sealed class ComposeText(Func<string, string?> variable, Func<string, string?> file)
{
    private const string Merge = "<<";

    /// <exception cref="ImportException">It is no compose file, or has no Watchtower.</exception>
    public WatchtowerRun Read(string text)
    {
        var services = Services(text);
        var found = services.Where(service => WatchtowerRun.IsImage(Text(Member(service.Value, "image")))).ToArray();
        if (found.Length != 1)
        {
            throw new ImportException(found.Length == 0
                ? $"no service's image is called watchtower; the services are: {string.Join(", ", services.Select(service => service.Key))}"
                : $"several services are a Watchtower ({string.Join(", ", found.Select(service => service.Key))}); give a file with one of them");
        }

        var one = found[0].Value;
        var run = Files(WatchtowerRun.Empty, Member(one, "env_file"));
        foreach (var pair in Pairs(Member(one, "environment")))
        {
            run = pair.Split('=', 2) is [var name, var value] ? run with { Environment = run.Environment.SetItem(name, value) }
                : variable(pair) is { } own ? run with { Environment = run.Environment.SetItem(pair, own) }
                : run with { Unread = run.Unread.Add($"the variable {pair} is taken from the caller, where it is not set") };
        }

        return run with
        {
            Arguments = Words(Member(one, "command")),
            Mounts = [.. Items(Member(one, "volumes")).Select(Mount).OfType<string>()],
            Ports = [.. Items(Member(one, "ports")).Select(Port).OfType<string>()],
            Labels = [.. services.SelectMany(service => Pairs(Member(service.Value, "labels")).Select(label => (service.Key, label.Split('=', 2)[0])).Where(label => label.Item2.StartsWith(WorkloadLabels.WatchtowerPrefix, StringComparison.Ordinal)))],
        };
    }

    private static ImmutableArray<KeyValuePair<string, YamlNode>> Services(string text)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count > 0 && Member(yaml.Documents[0].RootNode, "services") is YamlMappingNode services
                ? [.. services.Children.Where(service => service.Key is YamlScalarNode { Value: not null }).Select(service => KeyValuePair.Create(((YamlScalarNode)service.Key).Value!, service.Value))]
                : throw new ImportException("this is neither a 'docker run' command nor a compose file with services");
        }
        catch (YamlException fault)
        {
            throw new ImportException($"this is neither a 'docker run' command nor a compose file: line {fault.Start.Line}, column {fault.Start.Column}: {fault.Message}");
        }
    }

    private WatchtowerRun Files(WatchtowerRun run, YamlNode? node)
    {
        foreach (var name in node is YamlScalarNode ? [Text(node)!] : Items(node).Select(item => Text(item is YamlScalarNode ? item : Member(item, "path"))).OfType<string>())
        {
            run = file(name) is not { } text
                ? run with { Unread = run.Unread.Add($"env_file {name} cannot be read; its variables are missing here") }
                : run with { Environment = run.Environment.SetItems(EnvironmentFile.Lines(text).Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => KeyValuePair.Create(line.Split('=', 2)[0], line.Split('=', 2)[1]))) };
        }

        return run;
    }

    /// <summary>A list of <c>NAME=VALUE</c>, or a map.</summary>
    private IEnumerable<string> Pairs(YamlNode? node) => node switch
    {
        YamlMappingNode map => map.Children.Where(pair => Text(pair.Key) != Merge).Select(pair => pair.Value is YamlScalarNode { Value: null or "" or "~", Style: ScalarStyle.Plain } ? Text(pair.Key)! : $"{Text(pair.Key)}={Text(pair.Value)}"),
        _ => Items(node).Select(Text).OfType<string>(),
    };

    private ImmutableArray<string> Words(YamlNode? node) => node switch
    {
        YamlScalarNode line => ShellLine.Split(Text(line) ?? "", variable),
        _ => [.. Items(node).Select(Text).OfType<string>()],
    };

    private string? Mount(YamlNode node) =>
        node is YamlScalarNode ? Text(node) : Text(Member(node, "source")) is { } source ? $"{source}:{Text(Member(node, "target"))}" : null;

    private string? Port(YamlNode node) =>
        node is YamlScalarNode ? Text(node) : Text(Member(node, "published")) is { } published ? $"{published}:{Text(Member(node, "target"))}" : null;

    private string? Text(YamlNode? node) => (node as YamlScalarNode)?.Value is { } text ? Interpolation.Of(text, variable) : null;

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];

    /// <summary>A key of the mapping itself or of one that it merges with <c>&lt;&lt;</c>.</summary>
    private static YamlNode? Member(YamlNode? node, string name)
    {
        if (node is not YamlMappingNode map)
        {
            return null;
        }

        var own = map.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode { Value: { } key } && key == name).Value;
        return own ?? map.Children.Where(entry => entry.Key is YamlScalarNode { Value: Merge }).SelectMany(entry => entry.Value is YamlSequenceNode several ? several.Children : [entry.Value])
            .Select(each => Member(each, name)).FirstOrDefault(found => found is not null);
    }
}
