using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class StatusVerb(Surroundings around) : Verb("status", "Show what the service is at, and what is blocked or parked and why", around)
{
    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var config = call.LoadConfig();
        call.Warn(config);
        using var memory = call.OpenMemoryForReading(config.Unchecked ?? call.Settings());
        var now = call.Around.Time.GetUtcNow();
        var facts = await FactsAsync(memory, now, ct);
        if (config.Settings is null && facts.Service is null)
        {
            // With a service there is something to tell that matters more: what it does in spite of that config.
            throw new ConfigException(config);
        }

        var report = facts.Report() with { SetAside = memory.SetAside is { IsEmpty: false } aside ? aside : default };
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
            now)
        { Notices = await memory.Outbox.BacklogAsync(ct) };
    }
}
