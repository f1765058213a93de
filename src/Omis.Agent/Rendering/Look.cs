using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Omis.Agent.Rendering;

/// <summary>How things look everywhere: tables, short digests, colours.</summary>
internal static class Look
{
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Bad = new(Color.Red);
    public static readonly Style Warn = new(Color.Yellow);
    public static readonly Style Faint = new(Color.Grey);
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    public static IRenderable Table(string[] headings, IEnumerable<IRenderable[]> rows) => Fill(Columns(headings), rows);

    /// <summary>Aligned, without headings.</summary>
    public static IRenderable Columns(int count, IEnumerable<IRenderable[]> rows)
    {
        var table = Columns([.. Enumerable.Repeat("", count)]);
        table.ShowHeaders = false;
        return Fill(table, rows);
    }

    public static IRenderable Cell(string? text, Style? style = null) => new Text(Printable.Line(text ?? "-"), style);

    public static IRenderable Cell(Digest? digest) => Cell(digest?.Brief);

    public static IRenderable Line(string text, Style? style = null, int indent = 0) =>
        new Padder(Cell(text, style), new Padding(indent, 0, 0, 0));

    public static IRenderable Indented(IRenderable view, int indent) => new Padder(view, new Padding(indent, 0, 0, 0));

    public static IRenderable Outcome(Outcome outcome) => Cell(Words.Camel(outcome), StyleOf(outcome));

    public static Style StyleOf(Outcome outcome) => outcome switch
    {
        Core.Recording.Outcome.Committed => Good,
        Core.Recording.Outcome.Reverted or Core.Recording.Outcome.Stuck => Bad,
        Core.Recording.Outcome.Untouched => Faint,
        _ => Warn,
    };

    private static Table Columns(string[] headings)
    {
        var table = new Table { Border = TableBorder.None };
        for (var i = 0; i < headings.Length; i++)
        {
            // Only the last one, which tells most, may be broken over lines.
            var last = i == headings.Length - 1;
            table.AddColumn(new TableColumn(Cell(headings[i], Faint)) { Padding = new Padding(0, 0, last ? 0 : 3, 0), NoWrap = !last });
        }

        return table;
    }

    private static Table Fill(Table table, IEnumerable<IRenderable[]> rows)
    {
        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        return table;
    }
}
