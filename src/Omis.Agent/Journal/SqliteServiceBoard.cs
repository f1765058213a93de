using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Omis.Agent.Core.Recording;
using Omis.Agent.Json;

namespace Omis.Agent.Journal;

/// <summary>One row for each thing there is to tell.</summary>
public sealed class SqliteServiceBoard(StateDatabase state) : IServiceBoard
{
    private const string Service = "service";
    private const string Last = "cycle";

    public Task<ServiceSign?> ServiceAsync(CancellationToken ct) => ReadAsync(Service, AgentJson.Default.ServiceSign, ct);

    public Task PutAsync(ServiceSign sign, CancellationToken ct) => WriteAsync(Service, JsonSerializer.Serialize(sign, AgentJson.Default.ServiceSign), ct);

    public Task<LastCycle?> LastAsync(CancellationToken ct) => ReadAsync(Last, AgentJson.Default.LastCycle, ct);

    public Task PutAsync(LastCycle last, CancellationToken ct) => WriteAsync(Last, JsonSerializer.Serialize(last, AgentJson.Default.LastCycle), ct);

    private async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        var rows = await state.ReadAsync(database => database.Query("SELECT body FROM board WHERE key = $key", row => row.GetString(0), ("$key", key)), ct);
        return rows.IsEmpty ? null : JsonSerializer.Deserialize(rows[0], type);
    }

    private Task<int> WriteAsync(string key, string body, CancellationToken ct) =>
        state.WriteAsync(database => database.Execute("INSERT OR REPLACE INTO board (key, body) VALUES ($key, $body)", ("$key", key), ("$body", body)), ct);
}
