using System.Text;

namespace Omis.Agent.Notifiers;

/// <summary>Cuts texts to what a channel takes, never through the middle of a character.</summary>
internal static class Fitting
{
    public static string Characters(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = most - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    /// <param name="most">Bytes of UTF-8.</param>
    public static string Bytes(string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) <= most)
        {
            return text;
        }

        var bytes = 0;
        var kept = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > most - 3)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return kept.Append('…').ToString();
    }

    /// <summary>Whole lines together as far as they fit; a longer line is cut.</summary>
    public static IEnumerable<string> Chunks(IEnumerable<string> lines, int most)
    {
        var chunk = new StringBuilder();
        foreach (var line in lines.Select(line => Characters(line, most)))
        {
            if (chunk.Length + line.Length + 1 > most)
            {
                yield return chunk.ToString();
                chunk.Clear();
            }

            chunk.Append(chunk.Length == 0 ? "" : "\n").Append(line);
        }

        if (chunk.Length > 0)
        {
            yield return chunk.ToString();
        }
    }
}
