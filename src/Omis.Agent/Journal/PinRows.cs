using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Planning;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

internal static class PinRows
{
    public static void Put(SqliteConnection database, IEnumerable<Pin> pins)
    {
        foreach (var pin in pins)
        {
            database.Execute(
                "INSERT OR REPLACE INTO pins (project, service, body) VALUES ($project, $service, $body)",
                ("$project", pin.Workload.Project), ("$service", pin.Workload.Service), ("$body", JsonSerializer.Serialize(pin, AgentJson.Default.Pin)));
        }
    }

    /// <summary>A verb that only looks may find a database that an older agent left, without the table.</summary>
    public static ImmutableArray<Pin> List(SqliteConnection database) =>
        database.Query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'pins'", _ => true).IsEmpty
            ? []
            : database.Query("SELECT body FROM pins ORDER BY project, service", Read);

    public static Pin Read(SqliteDataReader row) => JsonSerializer.Deserialize(row.GetString(0), AgentJson.Default.Pin)!;
}
