using System.Collections.Immutable;
using System.Text;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>Splits a command as compose does: words, quotes and backslashes, and nothing else of a shell.</summary>
internal static class ShellWords
{
    public static ImmutableArray<string> Split(string text)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var (quote, isOpen) = ('\0', false);
        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '\\' && quote != '\'' && i + 1 < text.Length)
            {
                (isOpen, letter) = (true, text[++i]);
                word.Append(letter);
            }
            else if (quote != '\0' ? letter == quote : letter is '"' or '\'')
            {
                (isOpen, quote) = (true, quote == '\0' ? letter : '\0');
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                Close();
            }
            else
            {
                isOpen = true;
                word.Append(letter);
            }
        }

        Close();
        return words.ToImmutable();

        void Close()
        {
            if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
    }
}
