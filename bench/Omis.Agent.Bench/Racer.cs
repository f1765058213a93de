using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>A stack of its own and one way to bring it to the next version.</summary>
internal abstract class Racer(string name, Fleet fleet) : IAsyncDisposable
{
    private readonly Dictionary<string, List<double>> outages = fleet.Services.ToDictionary(service => service, _ => new List<double>());

    public string Name => name;

    /// <summary>The longest time that two services were down at once, over all rounds.</summary>
    public double Overlap { get; private set; }

    protected Fleet Fleet => fleet;

    public List<double> Outages(string service) => outages[service];

    public async Task RoundAsync(string version)
    {
        await fleet.PushAsync(version);
        await PrepareAsync();
        await using (var watching = await fleet.WatchAsync())
        {
            await UpdateAsync(watching, version);
            await watching.AllAnswerAsync(version);
            Note(fleet.Services.Select(watching.LongestOutage).ToList());
        }

        await TidyAsync();
    }

    public virtual ValueTask DisposeAsync() => fleet.DisposeAsync();

    protected virtual Task PrepareAsync() => Task.CompletedTask;

    protected abstract Task UpdateAsync(Watching watching, string version);

    protected virtual Task TidyAsync() => Task.CompletedTask;

    private void Note(List<Outage> seen)
    {
        for (var i = 0; i < seen.Count; i++)
        {
            outages[fleet.Services[i]].Add(seen[i].Milliseconds);
            Overlap = seen.Skip(i + 1).Select(seen[i].Overlap).Append(Overlap).Max();
        }
    }
}

internal sealed class FloorRacer(Fleet fleet) : Racer("floor", fleet)
{
    private readonly List<(string Service, string Old, string New)> swaps = [];

    protected override async Task PrepareAsync()
    {
        swaps.Clear();
        foreach (var service in Fleet.Services)
        {
            var running = await Fleet.Stack.ContainerAsync(service);
            var image = new PushedImage($"{Fleet.Stack.Registry}/{Fleet.Stack.Repository(service)}", "latest", "", "", "");
            swaps.Add((service, running.Id, await Floor.CreateBesideAsync(Fleet.Stack.Engine, running, image)));
        }
    }

    protected override async Task UpdateAsync(Watching watching, string version)
    {
        foreach (var (service, old, made) in swaps)
        {
            await Floor.SwapAsync(Fleet.Stack.Engine, old, made);
            await watching.AnswersAsync(service, version);
        }
    }

    protected override Task TidyAsync() => Task.WhenAll(swaps.Select(swap => Fleet.Stack.Engine.RemoveAsync(swap.Old)));
}

internal sealed class AgentRacer(Fleet fleet) : Racer("omis-agent", fleet)
{
    private readonly AgentHome home = fleet.Stack.Agent("""{ "defaults": { "healthy": { "stableFor": "1s" } } }""");

    public override async ValueTask DisposeAsync()
    {
        await home.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override async Task UpdateAsync(Watching watching, string version) => (await home.CycleAsync()).Exits(0);
}

internal sealed class ComposeRacer(Fleet fleet) : Racer("compose pull && up -d", fleet)
{
    protected override async Task UpdateAsync(Watching watching, string version)
    {
        await Fleet.Stack.RunAsync("pull", "--quiet");
        await Fleet.Stack.UpAsync();
    }
}
