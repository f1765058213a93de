using System.Collections.Immutable;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>Tells each of them everything, in their order.</summary>
internal sealed class Fan(ImmutableArray<IProgress<RolloutEvent>> watchers) : IProgress<RolloutEvent>
{
    public void Report(RolloutEvent value)
    {
        foreach (var watcher in watchers)
        {
            watcher.Report(value);
        }
    }
}
