using System.Globalization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Rendering;

/// <summary>A line for each change, where nothing can be drawn over; a pull speaks at most every two seconds.</summary>
internal sealed class PlainProgress(Screen screen, TimeProvider time) : IWatch
{
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(2);

    private readonly Lock turn = new();
    private readonly Dictionary<WorkloadId, long> spoken = [];

    public void Report(RolloutEvent value)
    {
        lock (turn)
        {
            if (value is not RolloutEvent.Pulling pulling || MaySpeak(pulling.Progress.Workload))
            {
                screen.Line($"{time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {Printable.Line(ProgressText.Of(value))}");
            }
        }
    }

    public void Dispose()
    {
    }

    private bool MaySpeak(WorkloadId workload)
    {
        var silent = spoken.TryGetValue(workload, out var since) && time.GetElapsedTime(since) < Breath;
        if (!silent)
        {
            spoken[workload] = time.GetTimestamp();
        }

        return !silent;
    }
}
