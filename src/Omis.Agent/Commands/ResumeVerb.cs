using System.Collections.Immutable;
using System.CommandLine;
using Omis.Agent.Control.Api;
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
        var name = call.Parsed.GetValue(project);
        var (ended, left) = await EndAsync(call, name, ct);
        call.Answer.Give(new ResumedDocument(ended), Documents.Default.ResumedDocument, () => PauseView.Resumed(ended));
        var now = call.Around.Time.GetUtcNow();
        if (name is not null && left.FirstOrDefault(pause => pause.Holds(name, now)) is { } pause)
        {
            // A project does not resume while everything is paused.
            call.Around.Error.Line($"warning: {PauseView.Text(pause, call.Around.Time.LocalTimeZone)}; 'omis-agent resume' ends that");
        }

        return ExitCodes.Done;
    }

    /// <returns>What was ended, and what still holds.</returns>
    private static async Task<(ImmutableArray<Pause> Ended, ImmutableArray<Pause> Left)> EndAsync(Invocation call, string? project, CancellationToken ct)
    {
        using var service = await call.TryServiceAsync(ct);
        if (service is not null)
        {
            var resumed = await service.TellAsync("/v1/resume", new ResumeAsked(project), AskedJson.Default.ResumeAsked, Documents.Default.ResumedDocument, ct);
            return (resumed.Resumed, (await service.AskAsync("/v1/status", Documents.Default.StatusReport, ct)).Pauses);
        }

        using var memory = call.OpenMemory(call.Settings());
        return (await memory.Ledger.Pauses.ResumeAsync(project, ct), await memory.Ledger.Pauses.ListAsync(ct));
    }
}
