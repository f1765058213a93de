using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class PlanVerb(Surroundings around) : Verb("plan", "Show exactly what would be done, and why the rest would not; touches nothing", around)
{
    protected override Task<int> RunAsync(Invocation call, CancellationToken ct) =>
        Passes.LookAsync(call, new CycleRequest { Depth = CycleDepth.Plan }, PlanView.Of, ct);
}
