using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>Nothing happens that could be watched, or nobody watches.</summary>
internal sealed class Unwatched : IProgress<RolloutEvent>
{
    public static readonly Unwatched Instance = new();

    private Unwatched()
    {
    }

    public void Report(RolloutEvent value)
    {
    }
}
