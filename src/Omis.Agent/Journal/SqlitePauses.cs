using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Gating;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

public sealed class SqlitePauses(StateDatabase state) : IPauses
{
    /// <summary>No project has an empty name.</summary>
    private const string Everything = "";

    public Task<ImmutableArray<Pause>> ListAsync(CancellationToken ct) =>
        state.ReadAsync(database => database.Query("SELECT body FROM pauses ORDER BY project", Read), ct);

    public Task PauseAsync(Pause pause, CancellationToken ct) =>
        state.WriteAsync(
            database => database.Execute(
                "INSERT OR REPLACE INTO pauses (project, body) VALUES ($project, $body)",
                ("$project", pause.Project ?? Everything), ("$body", JsonSerializer.Serialize(pause, AgentJson.Default.Pause))),
            ct);

    public Task<ImmutableArray<Pause>> ResumeAsync(string? project, CancellationToken ct) =>
        state.WriteAsync(
            database => database.Query("DELETE FROM pauses WHERE $project IS NULL OR project = $project RETURNING body", Read, ("$project", project)),
            ct);

    private static Pause Read(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.Pause)!;
}
