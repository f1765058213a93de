using System.Diagnostics;
using System.Text.Json.Nodes;
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
    private readonly Outages outages;
    private readonly NoticeBox notices;
    private DateTimeOffset since;
    private int released = 1;
    private string runs = "1";

    private KillLane(PendingUpdate update, SyncedFiles files, Outages outages, NoticeBox notices) =>
        (this.update, this.files, this.outages, this.notices) = (update, files, outages, notices);

    /// <summary>How the slowest cycle after a kill fared.</summary>
    public TimeSpan Slowest { get; private set; }

    public int Trials { get; private set; }

    /// <summary>In words, for the file of figures.</summary>
    public string Figures => FormattableString.Invariant($"{Trials} kills, slowest cycle after one {Slowest.TotalSeconds:0.0} s{outages}, {notices}");

    /// <summary>The version that the services run now.</summary>
    public string Runs => runs;

    public AgentHome Home => update.Home;

    public string Project => update.Stack.Prefix;

    public static async Task<KillLane> StartAsync(LabEngine engine, string config = Quick, string restart = "unless-stopped")
    {
        var update = await PendingUpdate.StartAsync(engine, new Wanted { Services = Services, Restart = restart, Next = service => TestImage.Good(service, "1") });
        var (outages, notices) = (await Outages.WatchAsync(update.Stack, KillRun.IsWhole ? Services : []), await NoticeBox.OpenAsync());
        update.Home.Configure(PendingUpdate.ShortRules, config, notices.Config);
        return new KillLane(update, await SyncedFiles.WatchAsync(update.Home), outages, notices);
    }

    /// <summary>Pushes the next version; with a bad one of three it must be taken back.</summary>
    public async Task<string> ReleaseAsync(bool isBad)
    {
        (since, var version) = (TimeProvider.System.GetUtcNow(), $"{++released}");
        outages.Begin();
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
        since = TimeProvider.System.GetUtcNow();
        outages.Begin();
        notices.Begin();
    }

    /// <returns>True where it died; false where it had ended before it came to that.</returns>
    public async Task<bool> DiesAsync(KillPoint point, params string[] arguments)
    {
        var agent = new TaskCompletionSource<AgentProcess>();
        var rule = (point as KillPoint.Call) is { } call ? On(call, agent.Task) : null;
        files.KillAt(point is KillPoint.Write write ? write.After ? write.Nth : -write.Nth : 0);
        outages.AgentStarts();
        var running = Home.Start(arguments);
        agent.SetResult(running);
        if (point is KillPoint.Says says)
        {
            await running.SaysAsync(says.Text, TimeSpan.FromMinutes(2));
            await running.KillAsync();
        }

        var ended = await running.EndAsync();
        rule?.Remove();
        files.KillAt(0);
        Trials++;
        return outages.AgentEnded(died: ended.ExitCode == 137);
    }

    /// <summary>The engine dies at that call, and is started again at once while the agent goes on.</summary>
    /// <returns>False where the agent had ended before it came to that.</returns>
    public async Task<bool> EngineDiesAsync(OwnEngine own, KillPoint.Call point)
    {
        var renewing = new TaskCompletionSource<Task>();
        var count = new CallCount(point.ByKind);
        async Task<Verdict> Judge(EngineCall call)
        {
            if (!count.IsNth(call, point.Nth))
            {
                return Verdict.Pass;
            }

            var dying = own.KillAsync();
            renewing.SetResult(RenewAsync(own, dying));
            if (point.Moment == Moment.During)
            {
                return Verdict.Pass;
            }

            await dying;
            return Verdict.Drop;
        }

        var rule = point.Moment == Moment.After ? Home.Proxy.After("*", "*", Judge) : Home.Proxy.Before("*", "*", Judge);
        outages.AgentStarts();
        var ended = await Home.CycleAsync();
        rule.Remove();
        Trials++;
        if (renewing.Task.IsCompleted)
        {
            await renewing.Task.Unwrap();
            Assert.True(ended.ExitCode is 0 or 3 or 4 or 5, $"the engine died at {point}: {ended}");
        }

        return outages.AgentEnded(died: renewing.Task.IsCompleted);
    }

    /// <summary>True where the engine itself holds the port of a container that it was starting when it was killed: that is told with its remedy.</summary>
    public async Task<bool> HoldsPortAsync() =>
        (await Home.RunAsync("history", "--json")).Exits(0).Json["entries"]!.AsArray().Any(entry =>
            entry!.Outcome() == "stuck" && entry!["startedAt"]!.GetValue<DateTimeOffset>() >= since && entry!.ToJsonString().Contains("a restart of Docker frees it", StringComparison.Ordinal));

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
        outages.AgentStarts();
        var clock = Stopwatch.StartNew();
        var recovering = await Home.CycleAsync();
        Slowest = clock.Elapsed > Slowest ? clock.Elapsed : Slowest;
        try
        {
            await IsWellAsync(recovering, next, tagMayLead);
            outages.Recovered();
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
        await IsToldTrulyAsync(recovering, version == next, isWhole: !tagMayLead);
        await IsBlamedRightlyAsync(next is null);
    }

    /// <summary>History has every end that was reported, and a commit where one stands and nowhere else.</summary>
    /// <param name="isWhole">False where history went with the database.</param>
    private async Task IsToldTrulyAsync(AgentResult recovering, bool committed, bool isWhole)
    {
        var history = (await Home.RunAsync("history", "--json")).Exits(0);
        var told = history.Json["entries"]!.AsArray()
            .Where(entry => entry!["steps"] is JsonArray { Count: > 0 } && entry["startedAt"]!.GetValue<DateTimeOffset>() >= since)
            .Select(entry => $"{entry!["id"]} {entry!.Outcome()}").ToList();
        Assert.All(recovering.Rollouts, rollout => Assert.Contains($"{rollout["id"]} {rollout.Outcome()}", told));
        var commits = told.Count(line => line.EndsWith(" committed", StringComparison.Ordinal));
        Assert.True(commits == (committed ? 1 : 0) || (!isWhole && commits == 0), $"{commits} commits in {history.Output}");
        notices.Match(told, isWhole);
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
        await outages.DisposeAsync();
        await notices.DisposeAsync();
        await update.DisposeAsync();
    }

    private static async Task RenewAsync(OwnEngine own, Task dying)
    {
        await dying;
        await own.StartAgainAsync();
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
