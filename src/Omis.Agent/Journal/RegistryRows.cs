using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Journal;

/// <summary>Registries that are down; a row goes when its registry answers again.</summary>
internal static class RegistryRows
{
    public static ImmutableHashSet<string> Down(SqliteConnection database) => [.. database.Query("SELECT registry FROM registries", row => row.GetString(0))];

    /// <returns>What has changed.</returns>
    public static ImmutableArray<Notice> Note(SqliteConnection database, ImmutableDictionary<string, Reason?> faults, DateTimeOffset at) =>
        [.. faults.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => fault.Value is { } reason ? (Notice?)Broke(database, fault.Key, reason, at) : Recovered(database, fault.Key, at)).OfType<Notice>()];

    private static Notice.RegistryDown? Broke(SqliteConnection database, string registry, Reason reason, DateTimeOffset at) =>
        database.Execute(
            "INSERT INTO registries (registry, since_ms, code) VALUES ($registry, $since, $code) ON CONFLICT (registry) DO NOTHING",
            ("$registry", registry), ("$since", at.ToUnixTimeMilliseconds()), ("$code", reason.Code.Text())) == 1
            ? new Notice.RegistryDown(registry, reason, at)
            : null;

    private static Notice.RegistryBack? Recovered(SqliteConnection database, string registry, DateTimeOffset at) =>
        database.Query("DELETE FROM registries WHERE registry = $registry RETURNING since_ms", row => row.GetInt64(0), ("$registry", registry)) is [var since]
            ? new Notice.RegistryBack(registry, DateTimeOffset.FromUnixTimeMilliseconds(since), at)
            : null;
}
