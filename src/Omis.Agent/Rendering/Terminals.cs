using Spectre.Console;

namespace Omis.Agent.Rendering;

/// <summary>What the process's own terminal can do. Source of NO_COLOR: no-color.org.</summary>
internal static class Terminals
{
    public static Screen Screen(TextWriter writer, bool isTerminal, IReadOnlyDictionary<string, string> environment)
    {
        var obeys = isTerminal && environment.GetValueOrDefault("TERM") != "dumb" && EscapesWork();
        var colours = obeys && environment.GetValueOrDefault("NO_COLOR") is null or "";
        return new Screen(writer, obeys, obeys && colours, Width);
    }

    /// <summary>Asking Spectre switches an older Windows console's escape sequences on.</summary>
    private static bool EscapesWork() => !OperatingSystem.IsWindows() || AnsiConsole.Profile.Capabilities.Ansi;

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : 80;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
