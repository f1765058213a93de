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
        var document = await call.TryAskServiceAsync(Query(filter), Documents.Default.HistoryDocument, ct) ?? await OfStateAsync(call, filter, ct);
        var (records, zone) = (document.Entries, call.Around.Time.LocalTimeZone);
        call.Answer.Give(
            document,
            Documents.Default.HistoryDocument,
            () => filter.Id is null || records.IsEmpty ? HistoryView.Table(records, zone) : HistoryView.Detail(records, zone));
        return ExitCodes.Done;
    }

    private static string Query(HistoryFilter filter) => "/v1/history?" + string.Join('&', (string[])
    [
        .. filter.Project is { } project ? ["project=" + Uri.EscapeDataString(project)] : Array.Empty<string>(),
        .. filter.Since is { } since ? ["since=" + Uri.EscapeDataString(since.UtcDateTime.ToString("O"))] : Array.Empty<string>(),
        .. filter.Id is { } id ? ["id=" + Uri.EscapeDataString(id)] : Array.Empty<string>(),
    ]);

    private static async Task<HistoryDocument> OfStateAsync(Invocation call, HistoryFilter filter, CancellationToken ct)
    {
        using var memory = call.OpenMemoryForReading(call.Settings());
        return new HistoryDocument(await memory.Ledger.History.ListAsync(filter, ct));
    }
}
