using System.Diagnostics;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>
/// Asks every service all the time. Tells for how long the worst of them was away at most, beyond what the same costs
/// undisturbed and not counting the time in which no agent ran.
/// </summary>
internal sealed class Outages : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<(Pinger Pinger, TimeSpan Offset)> watched = [];
    private readonly List<(TimeSpan From, TimeSpan To)> dead = [];
    private TimeSpan began;
    private TimeSpan? diedAt;
    private bool disturbed;
    private TimeSpan longest;
    private TimeSpan floor = TimeSpan.MaxValue;

    private Outages()
    {
    }

    public static async Task<Outages> WatchAsync(ComposeStack stack, IEnumerable<string> services)
    {
        var outages = new Outages();
        foreach (var service in services)
        {
            var pinger = await Pinger.StartAsync(stack.Url(service), Every);
            outages.watched.Add((pinger, outages.clock.Elapsed - pinger.Now));
        }

        return outages;
    }

    public void Begin()
    {
        (began, diedAt, disturbed) = (clock.Elapsed, null, false);
        dead.Clear();
    }

    public void AgentStarts()
    {
        if (diedAt is { } from)
        {
            dead.Add((from, clock.Elapsed));
            diedAt = null;
        }
    }

    /// <returns>What it was given.</returns>
    public bool AgentEnded(bool died)
    {
        (diedAt, disturbed) = (clock.Elapsed, disturbed || died);
        return died;
    }

    public void Recovered()
    {
        var worst = watched.Select(each => Worst(each.Pinger, each.Offset)).DefaultIfEmpty().Max();
        (longest, floor) = disturbed ? (worst > longest ? worst : longest, floor) : (longest, worst < floor ? worst : floor);
    }

    public override string ToString() =>
        watched.Count == 0 ? ""
        : floor == TimeSpan.MaxValue ? FormattableString.Invariant($", longest outage {longest.TotalSeconds:0.0} s")
        : FormattableString.Invariant($", longest outage {longest.TotalSeconds:0.0} s where an undisturbed one is {floor.TotalSeconds:0.0} s");

    public async ValueTask DisposeAsync()
    {
        foreach (var (pinger, _) in watched)
        {
            await pinger.DisposeAsync();
        }
    }

    private TimeSpan Worst(Pinger pinger, TimeSpan offset) =>
        pinger.Gaps(TimeSpan.FromMilliseconds(250)).Where(gap => gap.To + offset > began)
            .Select(gap => gap.Length - Dead(gap.From + offset, gap.To + offset)).DefaultIfEmpty().Max();

    private TimeSpan Dead(TimeSpan from, TimeSpan to) =>
        dead.Select(one => Later(TimeSpan.Zero, Earlier(to, one.To) - Later(from, one.From))).Aggregate(TimeSpan.Zero, (sum, one) => sum + one);

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
