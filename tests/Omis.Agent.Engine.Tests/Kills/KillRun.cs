using System.Runtime.CompilerServices;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>
/// Goes through all points at which an agent can die in one scenario. With OMIS_KILLS=all these are every call that
/// changes the engine (before, during, after it) and every write to the disk (before and after it), on every leg; else
/// what each test picks as its sample: the first call of each kind at some of these moments, or every fifth write, on one
/// leg.
/// </summary>
internal static class KillRun
{
    public static readonly bool IsWhole = Environment.GetEnvironmentVariable("OMIS_KILLS") == "all";

    /// <param name="trial">Lets the lane's agent die at that point and sees how it ends; false where the agent had ended before it came to that.</param>
    public static Task OfAsync(Func<KillLane, KillPoint, Task<bool>> trial, Sample sample, string config = KillLane.Quick, [CallerMemberName] string test = "") =>
        OfAsync([trial], sample, config, test);

    /// <param name="trials">Several of them, each of which goes through all points; of the sample, the first only.</param>
    public static Task OfAsync(Func<KillLane, KillPoint, Task<bool>>[] trials, Sample sample, string config = KillLane.Quick, [CallerMemberName] string test = "")
    {
        IEnumerable<LabEngine> engines = IsWhole ? Lab.Current.Engines : [Rollouts.OneLeg.For(test)];
        return Task.WhenAll(engines.Select(engine => OnAsync(engine, IsWhole ? trials : trials[..1], sample, config, test)));
    }

    private static async Task OnAsync(LabEngine engine, Func<KillLane, KillPoint, Task<bool>>[] trials, Sample sample, string config, string test)
    {
        await using var lane = await KillLane.StartAsync(engine, config);
        foreach (var trial in trials)
        {
            await GoThroughAsync(lane, trial, sample, done => Figures.AddAsync($"{test} on {engine.Leg}, up to {done}: {lane.Figures}"));
        }
    }

    /// <param name="tell">Hears what has been gone through: a whole run takes long, and what it found must not be lost with its end.</param>
    private static async Task GoThroughAsync(KillLane lane, Func<KillLane, KillPoint, Task<bool>> trial, Sample sample, Func<string, Task> tell)
    {
        foreach (var moment in IsWhole ? Enum.GetValues<Moment>() : sample.Calls)
        {
            for (var nth = 1; await trial(lane, new KillPoint.Call(nth, moment, !IsWhole)); nth++)
            {
            }

            await tell($"{moment} each call");
        }

        foreach (var after in IsWhole ? [false, true] : sample.Writes)
        {
            for (var nth = 1; await trial(lane, new KillPoint.Write(nth, after)); nth += IsWhole ? 1 : 5)
            {
            }

            await tell(after ? "after each write" : "before each write");
        }
    }
}

/// <summary>What a test tries where not everything is tried.</summary>
/// <param name="Calls">At these moments of the first call of each kind.</param>
/// <param name="Writes">Before or after every fifth write.</param>
internal sealed record Sample(Moment[] Calls, bool[] Writes);
