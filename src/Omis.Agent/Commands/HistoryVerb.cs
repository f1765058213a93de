using System.CommandLine;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class HistoryVerb : Verb
{
    private readonly Argument<string?> project = new("PROJECT") { Description = "One project; all without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> since = new("--since") { Description = "Only what began since then: a time (2026-05-01T12:00:00Z) or how long ago (2h)", HelpName = "T" };
    private readonly Option<string?> id = new("--id") { Description = "All about one entry", HelpName = "ID" };

    public HistoryVerb(Surroundings around)
        : base("history", "Show every rollout, refusal, recovery and pin, newest first", around)
    {
        Add(project);
        Add(since);
        Add(id);
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var filter = new HistoryFilter(call.Parsed.GetValue(project), Moments.Since(call.Parsed.GetValue(since), call.Around.Time.GetUtcNow()), call.Parsed.GetValue(id));
        using var memory = call.OpenMemoryForReading(call.Settings());
        var records = await memory.Ledger.History.ListAsync(filter, ct);
        var zone = call.Around.Time.LocalTimeZone;
        call.Answer.Give(
            new HistoryDocument(records),
            Documents.Default.HistoryDocument,
            () => filter.Id is null || records.IsEmpty ? HistoryView.Table(records, zone) : HistoryView.Detail(records, zone));
        return ExitCodes.Done;
    }
}
