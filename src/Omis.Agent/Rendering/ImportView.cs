using Omis.Agent.Importing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>What became of everything that a Watchtower was given; beside the config, on standard error.</summary>
internal static class ImportView
{
    public static IRenderable Of(ImportResult result, bool written) => new Rows(
    [
        .. Part(result, Fate.Mapped, "Taken over:", Look.Good),
        .. Part(result, Fate.Already, "Nothing to do:", Look.Good),
        .. Part(result, Fate.Missing, "No equivalent:", Look.Warn),
        .. result.Secrets.IsEmpty ? Array.Empty<IRenderable>() :
        [
            Look.Line(written ? "Secrets, written as files:" : "Secrets, not shown: put each into a file beside the config (mode 0600), or have --secrets DIR write them:", Look.Strong),
            Look.Columns(2, result.Secrets.Select(secret => (IRenderable[])[Look.Cell($"  {secret.File}"), Look.Cell($"from {secret.From}")])),
        ],
        Look.Line("Next: save the config, 'omis-agent validate', 'omis-agent plan'; then stop Watchtower and start the service", Look.Strong),
    ]);

    private static IEnumerable<IRenderable> Part(ImportResult result, Fate fate, string heading, Style style)
    {
        var notes = result.Notes.Where(note => note.Fate == fate).ToArray();
        return notes is [] ? [] : [Look.Line(heading, style), Look.Columns(2, notes.Select(note => (IRenderable[])[Look.Cell($"  {note.What}"), Look.Cell(note.Text)]))];
    }
}
