namespace Omis.Agent.Rendering;

/// <summary>A container's logs or a registry's answer may hold escape sequences; a terminal must not obey them.</summary>
internal static class Printable
{
    public static string Line(string text) =>
        text.Any(char.IsControl)
            ? string.Concat(text.Select(letter => !char.IsControl(letter) ? letter : letter is '\n' or '\r' or '\t' ? ' ' : '�'))
            : text;
}
