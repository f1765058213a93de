using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class CheckVerb(Surroundings around) : Verb("check", "Show what runs and what the registries have; touches and pulls nothing", around)
{
    protected override Task<int> RunAsync(Invocation call, CancellationToken ct) =>
        Passes.LookAsync(call, new CycleRequest { Depth = CycleDepth.Check }, SeenView.Of, ct);
}
