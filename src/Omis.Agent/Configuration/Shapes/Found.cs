using System.Text.Json;
using System.Text.RegularExpressions;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>A place in the config and what stands there.</summary>
/// <param name="InFile">True where the text is the name of the file that holds the value.</param>
internal readonly partial record struct Found(Reading Reading, string Path, JsonElement Element, bool InFile = false)
{
    private const int LongestShown = 80;

    public string Kind => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => Element.GetRawText(),
    };

    public Found Key(string key, JsonElement element, bool inFile = false) => new(Reading, PathOf(key), element, inFile);

    public Found Item(int index, JsonElement element) => new(Reading, $"{Path}[{index}]", element);

    public void Fail(string message) => Reading.Errors.Add(new ConfigError(Path, message));

    public void Fail(string key, string message) => Reading.Errors.Add(new ConfigError(PathOf(key), message));

    public void Warn(string key, string message) => Reading.Warnings.Add(new ConfigWarning(PathOf(key), message));

    /// <summary>False, and reported, where the value is of another kind.</summary>
    public bool Is(JsonValueKind kind, string expected)
    {
        if (Element.ValueKind != kind)
        {
            Fail($"found {Kind}, expected {expected}");
        }

        return Element.ValueKind == kind;
    }

    public static string Brief(string text) => text.Length > LongestShown ? text[..LongestShown] + "…" : text;

    private string PathOf(string key) =>
        !PlainKey().IsMatch(key) ? $"{Path}[\"{JsonEncodedText.Encode(Brief(key))}\"]"
        : Path.Length == 0 ? key
        : $"{Path}.{key}";

    [GeneratedRegex(@"^[A-Za-z0-9_$\-]{1,80}\z")]
    private static partial Regex PlainKey();
}
