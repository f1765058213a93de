using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;

namespace Omis.Agent.Commands;

/// <summary>Completion scripts from the tree of verbs, so that they know what the binary knows. Pure.</summary>
internal static class Completions
{
    public static string Bash(RootCommand root)
    {
        var script = new StringBuilder("# bash completion for omis-agent\n_omis_agent() {\n    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= part=\n");
        script.Append("    for part in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case $part in -*) ;; *) verb=\"${verb:+$verb }$part\" ;; esac\n    done\n");
        script.Append("    case $previous in\n        ").AppendJoin('|', FileOptions(root)).Append(") mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n    esac\n    case $verb in\n");
        foreach (var (path, command) in Verbs(root).Reverse())
        {
            // A group's own name comes after its members', which begin with it.
            var words = string.Join(' ', command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).Concat(Choices(command)).Concat(Options(root, command).Select(option => option.Name)));
            script.Append("        ").Append(path.Length == 0 ? "''" : $"'{path}'|'{path} '*").Append(CultureInfo.InvariantCulture, $") mapfile -t COMPREPLY < <(compgen -W '{words}' -- \"$word\") ;;\n");
        }

        return script.Append("    esac\n    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n}\ncomplete -F _omis_agent omis-agent\n").ToString();
    }

    public static string Zsh(RootCommand root)
    {
        var script = new StringBuilder("#compdef omis-agent\n_omis_agent() {\n    local verb=${words[2]}\n    if (( CURRENT == 2 )); then\n        local -a verbs=(\n");
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden))
        {
            script.Append("            ").Append(Quoted($"{verb.Name}:{verb.Description}")).Append('\n');
        }

        script.Append("        )\n        _describe verb verbs\n        return\n    fi\n    case $verb in\n");
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden))
        {
            script.Append(CultureInfo.InvariantCulture, $"        {verb.Name})\n            _arguments -s");
            foreach (var option in Options(root, verb))
            {
                script.Append(" \\\n                ").Append(Quoted($"{option.Name}[{Plain(option.Description)}]{(TakesValue(option) ? $":{option.HelpName ?? "VALUE"}:{(IsFile(option) ? "_files" : "")}" : "")}"));
            }

            var words = verb.Subcommands.Where(inner => !inner.Hidden).Select(inner => inner.Name).Concat(Choices(verb)).ToArray();
            script.Append(" \\\n                ").Append(Quoted(words is [] ? "*::argument:_files" : $"*:argument:({string.Join(' ', words)})")).Append("\n            ;;\n");
        }

        return script.Append("    esac\n}\n_omis_agent \"$@\"\n").ToString();
    }

    public static string Fish(RootCommand root)
    {
        var script = new StringBuilder("# fish completion for omis-agent\n");
        foreach (var option in root.Options.Where(option => !option.Hidden))
        {
            Fish(script, option, "");
        }

        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden))
        {
            script.Append(CultureInfo.InvariantCulture, $"complete -c omis-agent -n __fish_use_subcommand -f -a {verb.Name} -d {FishText(verb.Description)}\n");
            var seen = $" -n '__fish_seen_subcommand_from {verb.Name}'";
            foreach (var option in verb.Options.Where(option => !option.Hidden && option is not HelpOption))
            {
                Fish(script, option, seen);
            }

            foreach (var word in verb.Subcommands.Select(inner => inner.Name).Concat(Choices(verb)))
            {
                script.Append(CultureInfo.InvariantCulture, $"complete -c omis-agent{seen} -f -a {word}\n");
            }
        }

        return script.ToString();
    }

    private static void Fish(StringBuilder script, Option option, string where) =>
        script.Append(CultureInfo.InvariantCulture, $"complete -c omis-agent{where} -l {option.Name.TrimStart('-')}{(TakesValue(option) ? IsFile(option) ? " -r -F" : " -x" : "")} -d {FishText(option.Description)}\n");

    /// <summary>Every verb by its words, groups before their members.</summary>
    private static IEnumerable<(string Path, Command Command)> Verbs(Command command, string path = "") =>
        command.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb => Verbs(verb, path.Length == 0 ? verb.Name : $"{path} {verb.Name}")).Prepend((path, command));

    private static IEnumerable<Option> Options(RootCommand root, Command command) =>
        root.Options.Where(option => option.Recursive || command is RootCommand).Concat(command is RootCommand ? [] : command.Options).Where(option => !option.Hidden).DistinctBy(option => option.Name);

    private static IEnumerable<string> FileOptions(RootCommand root) =>
        root.Options.Concat(root.Subcommands.SelectMany(verb => verb.Options)).Where(option => IsFile(option) && !option.Hidden).Select(option => option.Name).Distinct();

    /// <summary>What an argument may be, where that is a few words.</summary>
    private static IEnumerable<string> Choices(Command command) => command is CompletionVerb ? ["bash", "zsh", "fish"] : [];

    private static bool IsFile(Option option) => option.HelpName is "FILE" or "DIR";

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.ValueType != typeof(void);

    private static string Plain(string? text) => (text ?? "").Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string FishText(string? text) => $"'{(text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
