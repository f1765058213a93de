using System.CommandLine;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class QuarantineListVerb(Surroundings around) : Verb("list", "Show the digests that failed here", around)
{
    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var memory = call.OpenMemoryForReading(call.Settings());
        var entries = await memory.Ledger.Quarantine.ListAsync(ct);
        call.Answer.Give(new QuarantineDocument(QuarantineItem.Of(entries)), Documents.Default.QuarantineDocument, () => QuarantineView.List(entries, call.Around.Time.LocalTimeZone));
        return ExitCodes.Done;
    }
}

internal sealed class QuarantineClearVerb : Verb
{
    private readonly Argument<string?> digest = new("DIGEST") { Description = "One digest, or its first digits; all without it", Arity = ArgumentArity.ZeroOrOne };

    public QuarantineClearVerb(Surroundings around)
        : base("clear", "Let digests be tried again", around) => Add(digest);

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var settings = call.Settings();
        var wanted = await ChosenAsync(call, call.Parsed.GetValue(digest), ct);
        using var memory = call.OpenMemory(settings);
        var cleared = await memory.Ledger.Quarantine.ClearAsync(wanted, ct);
        call.Answer.Give(new ClearedDocument(QuarantineItem.Of(cleared)), Documents.Default.ClearedDocument, () => QuarantineView.Cleared(cleared));
        return ExitCodes.Done;
    }

    private static async Task<Digest?> ChosenAsync(Invocation call, string? text, CancellationToken ct)
    {
        if (text is null)
        {
            return null;
        }

        using var memory = call.OpenMemoryForReading(call.Settings());
        var entries = await memory.Ledger.Quarantine.ListAsync(ct);
        return DigestChoice.Of(text, entries.Select(entry => entry.Digest));
    }
}
