using System.CommandLine;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

internal sealed class UpdateVerb : Verb
{
    private readonly Argument<string?> project = new("PROJECT") { Description = "One project; all without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> services = new("SERVICE") { Description = "Some of its services", Arity = ArgumentArity.ZeroOrMore };
    private readonly Who who = new();
    private readonly Option<bool> ignoreWindow = Reserved.Flag("--ignore-window");
    private readonly Option<bool> ignoreApproval = Reserved.Flag("--ignore-approval");

    public UpdateVerb(Surroundings around)
        : base("update", "Roll out now what is new", around)
    {
        Add(project);
        Add(services);
        who.AddTo(this);
        Add(ignoreWindow);
        Add(ignoreApproval);
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        Reserved.Refuse(call.Parsed, ignoreWindow, ignoreApproval);
        var (actor, reason) = who.Of(call);
        return Passes.OrderAsync(call, new CycleRequest
        {
            Depth = CycleDepth.Rollout,
            Trigger = Trigger.Manual,
            Actor = actor,
            Comment = reason,
            Project = call.Parsed.GetValue(project),
            Services = [.. call.Parsed.GetValue(services) ?? []],
        }, ct);
    }
}
