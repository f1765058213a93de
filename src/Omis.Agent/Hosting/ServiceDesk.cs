using System.Collections.Immutable;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>What the running service does for those who ask it: the verbs of the command line, without a command line.</summary>
internal sealed class ServiceDesk(Memory memory, Workbench bench, Orders orders, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public Task<StatusReport> StatusAsync(CancellationToken ct) => StatusReading.ReadAsync(memory, Now, ct);

    public Task<ImmutableArray<RolloutRecord>> HistoryAsync(HistoryFilter filter, CancellationToken ct) => memory.Ledger.History.ListAsync(filter, ct);

    /// <summary>Beside whatever the service is at: it touches nothing.</summary>
    public async Task<CycleReport> LookAsync(CycleRequest request, CancellationToken ct)
    {
        using var place = bench.Take();
        return await place.Parts.Cycle.RunAsync(request, Unwatched.Instance, ct);
    }

    /// <inheritdoc cref="Orders.Place"/>
    public Order Roll(CycleRequest request, IProgress<RolloutEvent> watcher, CancellationToken gone)
    {
        var order = new Order(request, watcher, gone);
        orders.Place(order);
        return order;
    }

    public Task PauseAsync(Pause pause, CancellationToken ct) => memory.Ledger.Pauses.PauseAsync(pause, ct);

    public Task<ImmutableArray<Pause>> ResumeAsync(string? project, CancellationToken ct) => memory.Ledger.Pauses.ResumeAsync(project, ct);
}
