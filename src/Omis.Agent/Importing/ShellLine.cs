using System.Collections.Immutable;
using System.Text;

namespace Omis.Agent.Importing;

/// <summary>
/// The words of a command line as a POSIX shell would have them: quotes, backslashes, lines that go on, comments. What only
/// the shell itself knows (variables, commands) is looked up or reported, never guessed. Source: POSIX.1-2017, "Shell Command Language" 2.2.
/// </summary>
internal sealed class ShellLine(string text, Func<string, string?> variable)
{
    private readonly ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
    private readonly StringBuilder word = new();
    private bool isOpen;
    private int at;

    /// <exception cref="ImportException">It is no whole command.</exception>
    public static ImmutableArray<string> Split(string text, Func<string, string?> variable) => new ShellLine(text.ReplaceLineEndings("\n"), variable).Read();

    private ImmutableArray<string> Read()
    {
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '\n' or ';' or '&' or '|' when words.Count > 0 || isOpen:
                    // The command is over; what follows is another one.
                    Close();
                    return words.ToImmutable();
                case '\\':
                    Escaped(text.Length);
                    break;
                case '\'':
                    Single();
                    break;
                case '"':
                    Double();
                    break;
                case '$' or '`':
                    Append(Expansion());
                    break;
                case '#' when !isOpen:
                    at = text.IndexOf('\n', at) is >= 0 and var end ? end : text.Length;
                    break;
                case var blank when char.IsWhiteSpace(blank):
                    Close();
                    at++;
                    break;
                default:
                    Append(text[at++].ToString());
                    break;
            }
        }

        Close();
        return words.ToImmutable();
    }

    /// <summary>A backslash before a line's end lets the line go on.</summary>
    private void Escaped(int end)
    {
        if (at + 1 < end && text[at + 1] != '\n')
        {
            Append(text[at + 1].ToString());
        }

        at += 2;
    }

    private void Single()
    {
        var end = text.IndexOf('\'', at + 1);
        Append(end >= 0 ? text[(at + 1)..end] : throw new ImportException("a ' is opened and never closed"));
        at = end + 1;
    }

    private void Double()
    {
        isOpen = true;
        at++;
        while (at < text.Length && text[at] != '"')
        {
            switch (text[at])
            {
                case '\\' when at + 1 < text.Length && text[at + 1] is '$' or '`' or '"' or '\\' or '\n':
                    Escaped(text.Length);
                    break;
                case '$' or '`':
                    Append(Expansion());
                    break;
                default:
                    Append(text[at++].ToString());
                    break;
            }
        }

        at = at < text.Length ? at + 1 : throw new ImportException("a \" is opened and never closed");
    }

    private string Expansion()
    {
        if (text[at] == '`' || text.AsSpan(at).StartsWith("$("))
        {
            throw new ImportException("the command runs another one (`…` or $(…)), whose answer only the shell knows; put the value in its place");
        }

        var braced = at + 1 < text.Length && text[at + 1] == '{';
        var start = at + (braced ? 2 : 1);
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        if (end == start || (braced && (end >= text.Length || text[end] != '}')))
        {
            return braced ? throw new ImportException("the command uses more of ${…} than a name; put the value in its place") : text[at++].ToString();
        }

        at = braced ? end + 1 : end;
        return variable(text[start..end]) ?? throw new ImportException($"the command uses the variable {text[start..end]}, which is not set here; set it, or put the value in its place");
    }

    private void Append(string more)
    {
        isOpen = true;
        word.Append(more);
    }

    private void Close()
    {
        if (isOpen)
        {
            words.Add(word.ToString());
            word.Clear();
            isOpen = false;
        }
    }
}
