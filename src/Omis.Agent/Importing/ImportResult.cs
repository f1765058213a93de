using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Omis.Agent.Importing;

/// <summary>The config that means the same, and an account of everything that was given.</summary>
/// <param name="Notes">One for each flag, variable, label and name that was given.</param>
internal sealed record ImportResult(JsonObject Config, ImmutableArray<ImportNote> Notes, ImmutableArray<ImportedSecret> Secrets);

/// <param name="What">The flag, variable, label or name; never its value.</param>
/// <param name="Text">What it became, or why nothing and what is nearest.</param>
internal sealed record ImportNote(string What, Fate Fate, string Text);

/// <param name="File">What the config calls it.</param>
/// <param name="From">Where the value stands now.</param>
internal sealed record ImportedSecret(string File, string From, string Value)
{
    /// <summary>Never shows the value.</summary>
    public override string ToString() => $"ImportedSecret {{ File = {File}, From = {From} }}";
}
