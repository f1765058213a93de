using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>Gathers what <c>status</c> shows from the state alone, so that it can be had without a service and without an engine.</summary>
internal static class StatusReading
{
    public static async Task<StatusReport> ReadAsync(Memory memory, DateTimeOffset now, CancellationToken ct)
    {
        var sign = await memory.Board.ServiceAsync(ct);
        var open = await memory.Ledger.Journal.OpenAsync(ct);
        var facts = new StatusFacts(
            sign is not null && ServiceProcess.Lives(sign) ? sign : null,
            await memory.Board.LastAsync(ct),
            [.. open.Select(rollout => JournalReplay.Fold(rollout.Entries)).OfType<RolloutState>()],
            await memory.Ledger.Pauses.ListAsync(ct),
            await memory.Ledger.Pins.ListAsync(ct),
            memory.Lock.IsHeld,
            now)
        { Notices = await memory.Outbox.BacklogAsync(ct) };
        return facts.Report() with { SetAside = memory.SetAside is { IsEmpty: false } aside ? aside : default };
    }
}
