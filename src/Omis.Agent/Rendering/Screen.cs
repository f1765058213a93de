using System.Collections.Immutable;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>
/// Standard output or standard error. Some last lines may be live: whatever else is written appears above them,
/// so that a log line does not tear a progress view apart.
/// </summary>
internal sealed class Screen(TextWriter writer, bool isTerminal, bool colours, Func<int> width)
{
    private readonly Lock turn = new();
    private ImmutableArray<string> live = [];

    public bool IsTerminal => isTerminal;

    public bool Colours => colours;

    /// <summary>Columns; without bound where nobody looks at columns.</summary>
    public int Width => isTerminal ? Math.Max(40, width()) : Pages.Unbounded;

    public void Show(IRenderable view) => Write(Pages.Text(view, Width, colours));

    public void Line(string line) => Write(line + "\n");

    public void Write(string text)
    {
        lock (turn)
        {
            writer.Write(Erasure() + text + Drawing());
            writer.Flush();
        }
    }

    public void Live(ImmutableArray<string> lines)
    {
        lock (turn)
        {
            var erasure = Erasure();
            live = lines;
            writer.Write(erasure + Drawing());
            writer.Flush();
        }
    }

    /// <summary>To the first live line's beginning, then clear to the end of the screen (ECMA-48: CPL, ED).</summary>
    private string Erasure() => live.IsEmpty ? "" : $"\e[{live.Length}F\e[0J";

    private string Drawing() => string.Concat(live.Select(line => line + "\n"));
}
