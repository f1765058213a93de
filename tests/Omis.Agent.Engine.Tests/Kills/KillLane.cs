using System.Diagnostics;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>
/// Three services and an agent that is killed, again and again: each trial begins where the one before it ended well.
/// </summary>
internal sealed class KillLane : IAsyncDisposable
{
    public const string Quick = """{ "defaults": { "healthy": { "stableFor": "200ms", "deadline": "10s" }, "revertBudget": "60s" } }""";

    private static readonly string[] Services = ["api", "store", "web"];

    private readonly PendingUpdate update;
    private readonly SyncedFiles files;
    private int released = 1;
    private string runs = "1";

    private KillLane(PendingUpdate update, SyncedFiles files) => (this.update, this.files) = (update, files);

    /// <summary>How the slowest cycle after a kill fared.</summary>
    public TimeSpan Slowest { get; private set; }

    public int Trials { get; private set; }

    /// <summary>The version that the services run now.</summary>
    public string Runs => runs;

    public AgentHome Home => update.Home;

    public string Project => update.Stack.Prefix;

    public static async Task<KillLane> StartAsync(LabEngine engine, string config = Quick)
    {
        var update = await PendingUpdate.StartAsync(engine, new Wanted { Services = Services, Config = config, Next = service => TestImage.Good(service, "1") });
        return new KillLane(update, await SyncedFiles.WatchAsync(update.Home));
    }

    /// <summary>Pushes the next version; with a bad one of three it must be taken back.</summary>
    public async Task<string> ReleaseAsync(bool isBad)
    {
        var version = $"{++released}";
        foreach (var service in Services)
        {
            await update.Stack.PushAsync(service, isBad && service == "store" ? TestImage.ExitsAtOnce(service, version) : TestImage.Good(service, version));
        }

        return version;
    }

    /// <summary>A whole rollout with nothing in its way, which leaves something to roll back to.</summary>
    public async Task CommitAsync()
    {
        runs = await ReleaseAsync(isBad: false);
        (await Home.CycleAsync()).Exits(0);
        await update.RunsEverywhereAsync(runs);
    }

    /// <returns>True where it died; false where it had ended before it came to that.</returns>
    public async Task<bool> DiesAsync(KillPoint point, params string[] arguments)
    {
        var agent = new TaskCompletionSource<AgentProcess>();
        var rule = (point as KillPoint.Call) is { } call ? On(call, agent.Task) : null;
        files.KillAt(point is KillPoint.Write write ? write.After ? write.Nth : -write.Nth : 0);
        var running = Home.Start(arguments);
        agent.SetResult(running);
        if (point is KillPoint.Says says)
        {
            await running.SaysAsync(says.Text);
            await running.KillAsync();
        }

        var ended = await running.EndAsync();
        rule?.Remove();
        files.KillAt(0);
        Trials++;
        return ended.ExitCode == 137;
    }

    /// <summary>The disk as it is when the power fails.</summary>
    public void LosePower() => files.Lose();

    public void LoseDatabase()
    {
        foreach (var file in Directory.GetFiles(Home.StateDirectory, "omis-agent.db*"))
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// The next start ends it: all services alike, on what they ran or on what was released; nothing left behind, history
    /// telling the same, compose with nothing to do, and no image blamed for our own death.
    /// </summary>
    /// <param name="told">What was done with the agent, for the message of a failure.</param>
    /// <param name="tagMayLead">True where nothing tells any more that a local tag was moved for a container that was not made.</param>
    public async Task EndsWellAsync(string told, string? next, bool tagMayLead = false)
    {
        // A pause holds back new rollouts only, so that what recovery leaves can be seen.
        (await Home.RunAsync("pause")).Exits(0);
        var clock = Stopwatch.StartNew();
        var recovering = await Home.CycleAsync();
        Slowest = clock.Elapsed > Slowest ? clock.Elapsed : Slowest;
        try
        {
            await IsWellAsync(recovering, next, tagMayLead);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{told}, then: {recovering}", fault);
        }

        (await Home.RunAsync("resume")).Exits(0);
    }

    /// <summary>All services are pinned, or none is; and none any longer.</summary>
    public async Task ArePinnedAsync(bool pinned)
    {
        var ended = (await Home.RunAsync("unpin", Project, "--json")).Exits(0).Json["unpinned"]!.AsArray();
        Assert.Equal(pinned ? Services : [], ended.Select(pin => pin!["service"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    private async Task IsWellAsync(AgentResult recovering, string? next, bool tagMayLead)
    {
        Assert.All(recovering.Rollouts, rollout => Assert.Equal("recovery", rollout["trigger"]!.GetValue<string>()));
        var version = await update.IsUniformAsync(tagMayLead);
        Assert.Contains(version, new[] { runs, next });
        Assert.True(recovering.ExitCode is 0 or 6 || (version != next && recovering.ExitCode is 3 or 4), $"exit {recovering.ExitCode} with version {version}");
        if (recovering.Rollouts is [.., var last])
        {
            Assert.Equal(version == next, last.Outcome() == "committed");
        }

        runs = version;
        await IsBlamedRightlyAsync(next is null);
    }

    /// <summary>Our own death is no image's fault; what had failed before it still is.</summary>
    private async Task IsBlamedRightlyAsync(bool wasBad)
    {
        var blamed = (await Home.RunAsync("quarantine", "clear", "--json")).Exits(0).Json["cleared"]!.AsArray();
        Assert.All(blamed, entry => Assert.True(wasBad && entry!["service"]!.GetValue<string>() == "store", $"{entry}"));
    }

    public async ValueTask DisposeAsync()
    {
        files.Dispose();
        await update.DisposeAsync();
    }

    private ProxyRule On(KillPoint.Call point, Task<AgentProcess> agent)
    {
        var count = new CallCount(point.ByKind);
        async Task<Verdict> Judge(EngineCall call)
        {
            if (!count.IsNth(call, point.Nth))
            {
                return Verdict.Pass;
            }

            await (await agent).KillAsync();
            return point.Moment == Moment.During ? Verdict.Pass : Verdict.Drop;
        }

        return point.Moment == Moment.After ? Home.Proxy.After("*", "*", Judge) : Home.Proxy.Before("*", "*", Judge);
    }
}
