using System.CommandLine;
using Omis.Agent.Control.Api;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class PauseVerb : Verb
{
    private readonly Argument<string?> project = new("PROJECT") { Description = "One project; everything without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> span = new("--for") { Description = "For how long, such as 2h (default: until resumed)", HelpName = "DURATION" };
    private readonly Option<string?> reason = new("--reason") { Description = "Why, for those who will ask", HelpName = "TEXT" };

    public PauseVerb(Surroundings around)
        : base("pause", "Touch nothing for a while; checks go on", around)
    {
        Add(project);
        Add(span);
        Add(reason);
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var now = call.Around.Time.GetUtcNow();
        var pause = new Pause(call.Parsed.GetValue(project), Moments.Until(call.Parsed.GetValue(span), now), call.Parsed.GetValue(reason), call.Around.User, now);
        var known = await KnownAfterAsync(call, pause, ct);
        call.Answer.Give(new PausedDocument(pause), Documents.Default.PausedDocument, () => PauseView.Paused(pause, call.Around.Time.LocalTimeZone));
        if (pause.Project is { } name && known.Length > 0 && !known.Contains(name))
        {
            // A mistyped name would leave the real project unpaused without a word.
            call.Around.Error.Line($"warning: the last cycle saw no project '{name}'; there were: {string.Join(", ", known)}");
        }

        return ExitCodes.Done;
    }

    /// <returns>The projects that there were before.</returns>
    private async Task<string[]> KnownAfterAsync(Invocation call, Pause pause, CancellationToken ct)
    {
        using var service = await call.TryServiceAsync(ct);
        if (service is not null)
        {
            var before = await service.AskAsync("/v1/status", Documents.Default.StatusReport, ct);
            await service.TellAsync("/v1/pause", new PauseAsked(pause.Project, call.Parsed.GetValue(span), pause.Actor, pause.Reason), AskedJson.Default.PauseAsked, Documents.Default.PausedDocument, ct);
            return [.. before.Projects.Select(one => one.Project)];
        }

        using var memory = call.OpenMemory(call.Settings());
        await memory.Ledger.Pauses.PauseAsync(pause, ct);
        return [.. ((await memory.Board.LastAsync(ct))?.Seen ?? []).Select(id => id.Project).Distinct()];
    }
}
