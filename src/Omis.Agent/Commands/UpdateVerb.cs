using System.CommandLine;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

internal sealed class UpdateVerb : Verb
{
    private readonly Argument<string?> project = new("PROJECT") { Description = "One project; all without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> services = new("SERVICE") { Description = "Some of its services", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> actor = new("--actor") { Description = "Who wants it, for the history (default: the user)", HelpName = "NAME" };
    private readonly Option<string?> reason = new("--reason") { Description = "Why, for the history", HelpName = "TEXT" };
    private readonly Option<bool> ignoreWindow = Reserved.Flag("--ignore-window");
    private readonly Option<bool> ignoreApproval = Reserved.Flag("--ignore-approval");

    public UpdateVerb(Surroundings around)
        : base("update", "Roll out now what is new", around)
    {
        Add(project);
        Add(services);
        Add(actor);
        Add(reason);
        Add(ignoreWindow);
        Add(ignoreApproval);
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        Reserved.Refuse(call.Parsed, ignoreWindow, ignoreApproval);
        return Passes.RollOutAsync(call, new CycleRequest
        {
            Depth = CycleDepth.Rollout,
            Trigger = Trigger.Manual,
            Actor = call.Parsed.GetValue(actor) ?? call.Around.User,
            Comment = call.Parsed.GetValue(reason),
            Project = call.Parsed.GetValue(project),
            Services = [.. call.Parsed.GetValue(services) ?? []],
        }, ct);
    }
}
