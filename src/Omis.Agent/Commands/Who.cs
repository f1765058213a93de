using System.CommandLine;

namespace Omis.Agent.Commands;

/// <summary>Who wants something and why, for the history.</summary>
internal sealed class Who
{
    private readonly Option<string?> actor = new("--actor") { Description = "Who wants it, for the history (default: the user)", HelpName = "NAME" };
    private readonly Option<string?> reason = new("--reason") { Description = "Why, for the history", HelpName = "TEXT" };

    public void AddTo(Command verb)
    {
        verb.Add(actor);
        verb.Add(reason);
    }

    public (string? Actor, string? Reason) Of(Invocation call) => (call.Parsed.GetValue(actor) ?? call.Around.User, call.Parsed.GetValue(reason));
}
