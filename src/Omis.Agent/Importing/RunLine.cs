using System.Collections.Immutable;

namespace Omis.Agent.Importing;

/// <summary>Reads a <c>docker run</c> command. Source: docker CLI reference, "docker container run".</summary>
internal static class RunLine
{
    /// <summary>All others take a value.</summary>
    private static readonly ImmutableHashSet<string> Switches =
    [
        "detach", "disable-content-trust", "help", "init", "interactive", "no-healthcheck", "oom-kill-disable", "privileged",
        "publish-all", "quiet", "read-only", "rm", "sig-proxy", "tty", "use-api-socket",
    ];

    private const string ShortSwitches = "ditPq";

    public static bool Is(string text) => text.Split('\n').Any(line => line.TrimStart() is var start && (start.StartsWith("docker ", StringComparison.Ordinal) || start.StartsWith("sudo docker ", StringComparison.Ordinal) || start.StartsWith("podman ", StringComparison.Ordinal)));

    /// <param name="file">The text of an <c>--env-file</c>; null where it cannot be read.</param>
    /// <exception cref="ImportException">It runs no Watchtower.</exception>
    public static WatchtowerRun Read(string text, Func<string, string?> variable, Func<string, string?> file)
    {
        var words = ShellLine.Split(Command(text), variable);
        var at = words.IndexOf("run") + 1;
        if (at == 0)
        {
            throw new ImportException("this is no 'docker run' command");
        }

        var run = WatchtowerRun.Empty;
        while (at < words.Length && words[at].StartsWith('-') && words[at].Length > 1)
        {
            (run, at) = Option(run, words, at, variable, file);
        }

        return at < words.Length && WatchtowerRun.IsImage(words[at])
            ? run with { Arguments = words[(at + 1)..] }
            : throw new ImportException($"the command runs {(at < words.Length ? words[at] : "no image")}, expected an image called watchtower");
    }

    /// <summary>Comments and other commands may stand before it.</summary>
    private static string Command(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return string.Join('\n', lines.SkipWhile(line => !Is(line)));
    }

    private static (WatchtowerRun Run, int At) Option(WatchtowerRun run, ImmutableArray<string> words, int at, Func<string, string?> variable, Func<string, string?> file)
    {
        var word = words[at];
        if (word == "--")
        {
            return (run, at + 1);
        }

        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            var (name, value) = word[2..].Split('=', 2) is [var left, var right] ? (left, right) : (word[2..], null);
            return Switches.Contains(name) ? (run, at + 1) : value is not null ? (Take(run, name, value, variable, file), at + 1) : (Take(run, name, Next(words, at), variable, file), at + 2);
        }

        // Letters may stand together; the first that takes a value takes the rest.
        var letters = word[1..].SkipWhile(letter => ShortSwitches.Contains(letter)).ToArray();
        return letters is [] ? (run, at + 1)
            : letters is [var letter] ? (Take(run, Long(letter), Next(words, at), variable, file), at + 2)
            : (Take(run, Long(letters[0]), new string(letters[1..]).TrimStart('='), variable, file), at + 1);
    }

    private static string Next(ImmutableArray<string> words, int at) =>
        at + 1 < words.Length ? words[at + 1] : throw new ImportException($"{words[at]} needs a value");

    private static string Long(char letter) => letter switch
    {
        'e' => "env",
        'v' => "volume",
        'p' => "publish",
        'l' => "label",
        _ => letter.ToString(),
    };

    private static WatchtowerRun Take(WatchtowerRun run, string name, string value, Func<string, string?> variable, Func<string, string?> file) => name switch
    {
        "env" => Variable(run, value, variable),
        "env-file" => file(value) is { } text ? EnvironmentFile.Lines(text).Aggregate(run, (before, line) => Variable(before, line, variable)) : run with { Unread = run.Unread.Add($"--env-file {value} cannot be read; its variables are missing here") },
        "volume" => run with { Mounts = run.Mounts.Add(value) },
        "publish" => run with { Ports = run.Ports.Add(value) },
        _ => run,
    };

    /// <summary>Without a value it is the caller's own.</summary>
    private static WatchtowerRun Variable(WatchtowerRun run, string text, Func<string, string?> variable) =>
        text.Split('=', 2) is [var name, var value] ? run with { Environment = run.Environment.SetItem(name, value) }
        : variable(text) is { } own ? run with { Environment = run.Environment.SetItem(text, own) }
        : run with { Unread = run.Unread.Add($"the variable {text} is taken from the caller, where it is not set") };
}
