using System.CommandLine;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

internal sealed class RollbackVerb : Verb
{
    private readonly BackArguments back = new();
    private readonly Who who = new();

    public RollbackVerb(Surroundings around)
        : base("rollback", "Go back to what ran before, and stay there until 'unpin'", around)
    {
        back.AddTo(this);
        who.AddTo(this);
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var (actor, reason) = who.Of(call);
        return Passes.OrderAsync(call, back.Of(call) with { Depth = CycleDepth.Rollout, Trigger = Trigger.Manual, Actor = actor, Comment = reason }, ct);
    }
}

/// <summary>What goes back and where to.</summary>
internal sealed class BackArguments
{
    private readonly Argument<string> project = new("PROJECT") { Description = "The project" };
    private readonly Argument<string[]> services = new("SERVICE") { Description = "Some of its services", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> to = new("--to")
    {
        Description = "A digest or its first digits, or a rollout's id for what ran when that one had committed (default: what ran before the last one)",
        HelpName = "DIGEST|ROLLOUT",
    };

    public void AddTo(Command verb)
    {
        verb.Add(project);
        verb.Add(services);
        verb.Add(to);
    }

    public CycleRequest Of(Invocation call) => new()
    {
        Depth = CycleDepth.Plan,
        Project = call.Parsed.GetValue(project),
        Services = [.. call.Parsed.GetValue(services) ?? []],
        Back = new BackRequest(call.Parsed.GetValue(to)),
    };
}
