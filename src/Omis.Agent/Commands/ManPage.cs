using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;

namespace Omis.Agent.Commands;

/// <summary>The manual page, from the tree of verbs. Source: man-pages(7), groff_man(7). Pure.</summary>
internal static class ManPage
{
    public static string Of(RootCommand root)
    {
        var page = new StringBuilder(".TH OMIS\\-AGENT 8 \"\" \"Omis Agent\" \"System administration\"\n");
        page.Append(".SH NAME\nomis\\-agent \\- updates docker compose services as transactions\n");
        page.Append(".SH SYNOPSIS\n.B omis\\-agent\n.I VERB\n[\\fIARGUMENTS\\fR] [\\fIOPTIONS\\fR]\n");
        page.Append(".SH DESCRIPTION\n").Append(Text(root.Description)).Append('\n');
        page.Append(".SH VERBS\n");
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb => verb.Subcommands.Count > 0 ? verb.Subcommands.Select(inner => (Name: $"{verb.Name} {inner.Name}", Verb: inner)) : [(verb.Name, verb)]))
        {
            Verb(page, verb.Name, verb.Verb);
        }

        page.Append(".SH OPTIONS\n");
        foreach (var option in root.Options.Where(option => !option.Hidden))
        {
            Option(page, option);
        }

        return page.Append(Rest).ToString();
    }

    private const string Rest =
        """
        .SH EXIT STATUS
        .TP
        .B 0
        nothing to do, or all done and committed
        .TP
        .B 1
        unexpected fault
        .TP
        .B 2
        bad usage or config
        .TP
        .B 3
        the environment failed (engine, registry, disk) and nothing was touched
        .TP
        .B 4
        at least one rollout was reverted; services run what they ran before
        .TP
        .B 5
        at least one rollout is stuck and needs a person
        .TP
        .B 6
        updates are pending but held by a gate
        .TP
        .B 7
        another process is already rolling out on this engine
        .SH FILES
        .TP
        .I /etc/omis\-agent.json
        the config: JSON with comments; every key has a default
        .TP
        .I /etc/omis\-agent.d/*.json
        fragments that are laid over it, in the order of their names
        .TP
        .I /var/lib/omis\-agent
        the state: journal, history, pins, quarantine
        .TP
        .I /usr/share/omis\-agent/omis\-agent.schema.json
        the config's JSON Schema
        .SH ENVIRONMENT
        .TP
        .B DOCKER_HOST
        the engine, where the config names none
        .TP
        .B OMIS_LOG
        what is logged: debug, information, warning or error
        .TP
        .B OMIS_AGENT__SECTION__KEY
        overrides a key of the config
        .TP
        .B NO_COLOR
        no colours, even on a terminal
        .SH SEE ALSO
        .BR systemctl (1),
        .BR journalctl (1),
        .BR docker (1)

        """;

    private static void Verb(StringBuilder page, string name, Command verb)
    {
        page.Append(CultureInfo.InvariantCulture, $".SS \"{Text(name)}{string.Concat(verb.Arguments.Select(argument => $" {(argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name)}{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}"))}\"\n");
        page.Append(Text(verb.Description)).Append(".\n");
        foreach (var argument in verb.Arguments.Where(argument => !argument.Hidden))
        {
            page.Append(CultureInfo.InvariantCulture, $".TP\n.I {Text(argument.Name)}\n{Text(argument.Description)}\n");
        }

        foreach (var option in verb.Options.Where(option => !option.Hidden && option is not HelpOption))
        {
            Option(page, option);
        }
    }

    private static void Option(StringBuilder page, Option option) =>
        page.Append(CultureInfo.InvariantCulture, $".TP\n\\fB{Text(option.Name)}\\fR{(option.HelpName is { } value ? $" \\fI{Text(value)}\\fR" : "")}\n{Text(option.Description)}\n");

    /// <summary>A dash is a minus, and no line may begin with a dot or an apostrophe.</summary>
    private static string Text(string? text) =>
        (text ?? "").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal) is var plain && plain is ['.' or '\'', ..] ? "\\&" + plain : plain;
}
