using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>From a view to text. Pure: nothing is asked of the terminal.</summary>
internal static class Pages
{
    public const int Unbounded = 4096;

    public static string Text(IRenderable view, int width = Unbounded, bool colours = false)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(view);
        return string.Concat(Lines(text.ToString()).Select(line => line.TrimEnd() + "\n"));
    }

    private static string[] Lines(string text) =>
        text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
}
