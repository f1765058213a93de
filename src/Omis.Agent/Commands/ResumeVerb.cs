using System.CommandLine;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class ResumeVerb : Verb
{
    private readonly Argument<string?> project = new("PROJECT") { Description = "One project's pause; every pause without it", Arity = ArgumentArity.ZeroOrOne };

    public ResumeVerb(Surroundings around)
        : base("resume", "End a pause", around) => Add(project);

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var memory = call.OpenMemory(call.Settings());
        var ended = await memory.Ledger.Pauses.ResumeAsync(call.Parsed.GetValue(project), ct);
        call.Answer.Give(new ResumedDocument(ended), Documents.Default.ResumedDocument, () => PauseView.Resumed(ended));
        return ExitCodes.Done;
    }
}
