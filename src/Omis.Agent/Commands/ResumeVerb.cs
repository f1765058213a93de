using System.CommandLine;
using Omis.Agent.Core.Gating;
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
        var name = call.Parsed.GetValue(project);
        var ended = await memory.Ledger.Pauses.ResumeAsync(name, ct);
        call.Answer.Give(new ResumedDocument(ended), Documents.Default.ResumedDocument, () => PauseView.Resumed(ended));
        await WarnOfOthersAsync(call, memory.Ledger.Pauses, name, ct);
        return ExitCodes.Done;
    }

    /// <summary>A project does not resume while everything is paused.</summary>
    private static async Task WarnOfOthersAsync(Invocation call, IPauses pauses, string? project, CancellationToken ct)
    {
        var now = call.Around.Time.GetUtcNow();
        if (project is not null && (await pauses.ListAsync(ct)).FirstOrDefault(pause => pause.Holds(project, now)) is { } pause)
        {
            call.Around.Error.Line($"warning: {PauseView.Text(pause, call.Around.Time.LocalTimeZone)}; 'omis-agent resume' ends that");
        }
    }
}
