using System.Text.Json;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>A text as the config means it, and as an error may show it.</summary>
internal sealed record GivenText(string Value, string Shown)
{
    /// <summary>Null where the text's file or variable is not there, which has been reported.</summary>
    public static GivenText? Of(Found found)
    {
        var raw = found.Element.ValueKind == JsonValueKind.String ? found.Element.GetString()! : found.Element.GetRawText();
        if (Variables.Expand(found, raw) is not { } text)
        {
            return null;
        }

        return found.InFile ? Content(found, text, fromVariable: text != raw)
            : new GivenText(text, text == raw ? $"'{Found.Brief(text)}'" : "the value with its variables filled in");
    }

    private static GivenText? Content(Found found, string name, bool fromVariable)
    {
        // A variable that was meant to be the secret itself must not be told as a missing file.
        var shown = fromVariable ? "the file that the variables name" : found.Reading.Folder.File(name);
        if (found.Reading.Folder.Read(name, out var fault) is { } content)
        {
            return new GivenText(content, $"the content of {shown}");
        }

        found.Fail($"{shown} {fault}; expected a file that holds the text, in $CREDENTIALS_DIRECTORY or beside the config");
        return null;
    }
}
