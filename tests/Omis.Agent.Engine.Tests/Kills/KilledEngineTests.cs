using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>The engine dies instead of the agent, which rides it out or leaves the rest to its next start.</summary>
public sealed class KilledEngineTests
{
    /// <summary>
    /// An engine without live-restore that was killed stops at its next start what lives on, and takes that for a person's
    /// stop: what is "unless-stopped" stays down, touched by a rollout or not. Source: moby, daemon/kill.go, killWithSignal
    /// sets HasBeenManuallyStopped unless the daemon is shutting down; seen on 20.10, 26.1 and 28.5.
    /// </summary>
    private const string Surviving = "always";

    private static readonly KillPoint.Call[] Restarting = [new(5, Moment.Before, ByKind: true), new(7, Moment.After, ByKind: true)];

    private static readonly KillPoint.Call[] Living = [new(3, Moment.After, ByKind: true), new(6, Moment.During, ByKind: true)];

    [Fact]
    public Task With_its_containers_going_down_too_killed_anywhere_in_a_rollout_it_ends_well() => GoThroughAsync(liveRestore: false, Restarting);

    [Fact]
    public Task With_its_containers_living_on_killed_anywhere_in_a_rollout_it_ends_well() => GoThroughAsync(liveRestore: true, Living);

    private static async Task GoThroughAsync(bool liveRestore, KillPoint.Call[] sample)
    {
        // One after the other: an engine of its own is much for a small machine.
        foreach (var leg in KillRun.IsWhole ? Lab.Current.Engines.Select(engine => engine.Leg) : [Lab.Current.Engines[^1].Leg])
        {
            await using var own = await OwnEngine.StartAsync(leg, liveRestore);
            await using var lane = await KillLane.StartAsync(own.Engine, restart: liveRestore ? "unless-stopped" : Surviving);
            foreach (var points in KillRun.IsWhole ? Enum.GetValues<Moment>().Select(Every) : [sample])
            {
                foreach (var point in points)
                {
                    if (!await TryAsync(own, lane, point))
                    {
                        break;
                    }
                }

                await Figures.AddAsync($"engine killed on {leg}, live-restore {liveRestore}, so far: {lane.Figures}");
            }
        }
    }

    private static IEnumerable<KillPoint.Call> Every(Moment moment) => Enumerable.Range(1, int.MaxValue).Select(nth => new KillPoint.Call(nth, moment, ByKind: false));

    private static async Task<bool> TryAsync(OwnEngine own, KillLane lane, KillPoint.Call point)
    {
        var next = await lane.ReleaseAsync(isBad: false);
        var died = await lane.EngineDiesAsync(own, point);
        if (died && await lane.HoldsPortAsync())
        {
            await own.StopAsync();
            await own.StartAgainAsync();
        }

        await lane.EndsWellAsync($"engine killed at {point}", next);

        // What is picked as a sample has to be met.
        Assert.True(died || KillRun.IsWhole, $"the agent never came to {point}");
        return died;
    }
}
