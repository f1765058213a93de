using System.CommandLine;
using Omis.Agent.Configuration.Shapes;

namespace Omis.Agent.Commands;

/// <summary>What is wrong with a command line, in one sentence.</summary>
internal static class Misuse
{
    public static string Text(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).ToArray();
        return (verbs, parsed.UnmatchedTokens) switch
        {
            ({ Length: > 0 }, []) => $"which verb? There are: {string.Join(", ", verbs)}",
            ({ Length: > 0 }, [var word, ..]) when !word.StartsWith('-') => $"'{word}' is not a verb; {Guess(word, verbs)}",
            _ => string.Join(" ", parsed.Errors.Select(error => error.Message)),
        };
    }

    /// <summary>Two slips of the finger, no more: a wild guess helps nobody.</summary>
    private static string Guess(string word, string[] verbs) =>
        verbs.MinBy(verb => NearestKey.Distance(word, verb)) is { } nearest && NearestKey.Distance(word, nearest) <= 2
            ? $"did you mean '{nearest}'?"
            : $"there are: {string.Join(", ", verbs)}";
}
