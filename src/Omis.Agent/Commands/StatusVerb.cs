using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class StatusVerb(Surroundings around) : Verb("status", "Show what the service is at, and what is blocked or parked and why", around)
{
    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var memory = call.OpenMemoryForReading(call.Settings());
        var now = call.Around.Time.GetUtcNow();
        var report = (await FactsAsync(memory, now, ct)).Report();
        call.Answer.Give(report, Documents.Default.StatusReport, () => StatusView.Of(report, now, call.Around.Time.LocalTimeZone));
        return ExitCodes.Done;
    }

    private static async Task<StatusFacts> FactsAsync(Memory memory, DateTimeOffset now, CancellationToken ct)
    {
        var sign = await memory.Board.ServiceAsync(ct);
        var open = await memory.Ledger.Journal.OpenAsync(ct);
        return new StatusFacts(
            sign is not null && ServiceProcess.Lives(sign) ? sign : null,
            await memory.Board.LastAsync(ct),
            [.. open.Select(rollout => JournalReplay.Fold(rollout.Entries)).OfType<RolloutState>()],
            await memory.Ledger.Pauses.ListAsync(ct),
            await memory.Ledger.Pins.ListAsync(ct),
            memory.Lock.IsHeld,
            now);
    }
}
