using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

internal static class QuarantineRows
{
    public static void Put(SqliteConnection database, ImmutableArray<QuarantinedDigest> entries)
    {
        foreach (var entry in entries)
        {
            database.Execute(
                "INSERT OR REPLACE INTO quarantine (digest, project, service, body) VALUES ($digest, $project, $service, $body)",
                ("$digest", entry.Digest.Value),
                ("$project", entry.Workload.Project),
                ("$service", entry.Workload.Service),
                ("$body", JsonSerializer.Serialize(entry, AgentJson.Default.QuarantinedDigest)));
        }
    }

    public static QuarantinedDigest Read(SqliteDataReader row) =>
        JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.QuarantinedDigest)!;
}
