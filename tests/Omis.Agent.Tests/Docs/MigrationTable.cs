using Omis.Agent.Importing;

namespace Omis.Agent.Tests.Docs;

/// <summary>The tables of docs/migrating-from-watchtower.md.</summary>
internal static class MigrationTable
{
    public static string Text() => string.Join('\n', (IEnumerable<string>)
    [
        "| flag | variable | here |", "|---|---|---|", .. WatchtowerOptions.All.Select(Row),
        "", "| variable | here |", "|---|---|", .. WatchtowerOptions.Variables.Select(variable => $"| `{variable.Environment}` | {Here(variable.Fate, variable.Here)} |"),
        "", "| label | here |", "|---|---|", .. WatchtowerLabel.All.Select(label => $"| `com.centurylinklabs.watchtower{label.Name}` | {Here(label.Fate, label.Here)} |"), "",
    ]);

    private static string Row(WatchtowerOption option) =>
        $"| `--{option.Flag}`{(option.Short is { } letter ? $", `-{letter}`" : "")} | {(option.Environment is { } variable ? $"`{variable}`" : "-")} | {Here(option.Fate, option.Here)} |";

    private static string Here(Fate fate, string text) => fate switch
    {
        Fate.Mapped => text,
        Fate.Already => $"nothing to do: {text}",
        _ => $"**no equivalent**: {text}",
    };
}
