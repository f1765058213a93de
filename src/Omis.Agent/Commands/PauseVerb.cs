using System.CommandLine;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Recording;
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
        using var memory = call.OpenMemory(call.Settings());
        await memory.Ledger.Pauses.PauseAsync(pause, ct);
        call.Answer.Give(new PausedDocument(pause), Documents.Default.PausedDocument, () => PauseView.Paused(pause, call.Around.Time.LocalTimeZone));
        await WarnOfUnknownAsync(call, memory.Board, pause.Project, ct);
        return ExitCodes.Done;
    }

    /// <summary>A mistyped name would leave the real project unpaused without a word.</summary>
    private static async Task WarnOfUnknownAsync(Invocation call, IServiceBoard board, string? project, CancellationToken ct)
    {
        if (project is not null && await board.LastAsync(ct) is { Seen: { Length: > 0 } seen } && !seen.Any(id => id.Project == project))
        {
            call.Around.Error.Line($"warning: the last cycle saw no project '{project}'; there were: {string.Join(", ", seen.Select(id => id.Project).Distinct())}");
        }
    }
}
