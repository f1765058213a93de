using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Commands;

/// <summary>Nothing happens that could be watched.</summary>
internal sealed class Unwatched : IProgress<RolloutEvent>
{
    public void Report(RolloutEvent value)
    {
    }
}
