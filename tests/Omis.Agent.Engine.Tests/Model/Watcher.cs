using System.Collections.Immutable;
using System.Globalization;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>Looks at a machine after a cycle and holds what it sees against the worlds that the promise allows.</summary>
internal sealed class Watcher(Machine machine)
{
    private readonly HashSet<string> read = [];
    private readonly List<string> told = [];

    private ComposeStack Stack => machine.Stack;

    /// <returns>Those of the worlds that it may be.</returns>
    /// <exception cref="InvalidOperationException">None of them; the message tells what is seen and what may be.</exception>
    public async Task<ImmutableArray<World>> NarrowAsync(ImmutableArray<World> worlds)
    {
        await ReadHistoryAsync();
        var blamed = await QuarantineAsync();
        Sighting? seen = null;
        string odd = "";
        ImmutableArray<World> left = [];
        try
        {
            // After an engine's restart its containers come up one after the other.
            await Eventually.BeAsync("a world of the promise", async () =>
            {
                (var parts, odd) = await LookAsync();
                seen = new Sighting(parts, blamed, [.. told]);
                left = odd.Length > 0 ? [] : [.. worlds.Where(seen.Fits)];
                return left.Length > 0;
            }, TimeSpan.FromSeconds(20));
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException($"seen:    {seen} {odd}\nallowed: {string.Join("\n     or: ", worlds.Where(world => world.Open is null).Take(12))}", late);
        }

        told.Clear();
        await ServesAsync(left[0]);
        await ComposeAgreesAsync(seen!, left[0]);
        return [.. left.Select(seen!.Settle).DistinctBy(world => world.ToString())];
    }

    private async Task ReadHistoryAsync()
    {
        var entries = (await machine.Home.RunAsync("history", "--json")).Exits(0).Json["entries"]!.AsArray();
        foreach (var entry in entries.Reverse().Where(entry => entry!["kind"]?.GetValue<string>() is null or "rollback" && entry!.Outcome() != "refused"))
        {
            if (read.Add($"{entry!["id"]} {entry!.Outcome()}"))
            {
                told.Add(entry!.Outcome());
            }
        }
    }

    private async Task<ImmutableSortedSet<int>> QuarantineAsync() =>
        [.. (await machine.Home.RunAsync("quarantine", "list", "--json")).Exits(0).Json["entries"]!.AsArray().Select(entry => machine.VersionOf(entry!["digest"]!.GetValue<string>()))];

    private async Task<(ImmutableSortedDictionary<string, Seen> Parts, string Odd)> LookAsync()
    {
        var there = (await Stack.PsAsync()).Concat(await Stack.Engine.NamedAsync(Stack.Prefix)).DistinctBy(container => container.Id).ToArray();
        var parts = ImmutableSortedDictionary.CreateBuilder<string, Seen>();
        var odd = there.Where(container => container.Id != machine.Bystander && !IsInPlace(container)).Select(container => $"not in its place: {container}").ToList();
        if (there.SingleOrDefault(container => container.Id == machine.Bystander) is not { IsRunning: true } bystander || bystander.Name != machine.BystanderName)
        {
            odd.Add("the bystander is not as it was");
        }

        foreach (var service in Script.Services)
        {
            var tag = await VersionAsync(Stack.Image(service));
            var own = there.Where(container => container.Service == service).ToArray();
            if (own.Length > 1)
            {
                odd.Add($"{own.Length} containers of {service}");
            }

            parts[service] = own.Length == 0 ? new Seen(Stand.Absent, 0, tag)
                : new Seen(own[0].Status is "running" or "restarting" ? Stand.Up : Stand.Stopped, await VersionAsync(own[0]), tag);
        }

        return (parts.ToImmutable(), string.Join(", ", odd));
    }

    private bool IsInPlace(ContainerFacts container) =>
        container.Service is { } service && container.Name == $"{Stack.Prefix}-{service}-1"
        && container.Json["HostConfig"]!["RestartPolicy"]!["Name"]!.GetValue<string>() == "unless-stopped";

    private async Task<int> VersionAsync(string image) =>
        (await Stack.Engine.TryGetAsync($"/images/{image}/json"))?["Config"]?["Labels"]?[Machine.Version]?.GetValue<string>() is { } text ? Number(text) : 0;

    /// <summary>By its image, and by the defaults that the image gave it; they differ where a container was made of one image with another's defaults.</summary>
    private async Task<int> VersionAsync(ContainerFacts container)
    {
        var given = Number(container.Label(Machine.Version) ?? "-1");
        return await VersionAsync(container.ImageId) is var made && (made == 0 || made == given) ? given : -made;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private async Task ServesAsync(World world)
    {
        foreach (var (service, part) in world.Parts.Where(part => part.Value.IsUp && world.KindOf(part.Value.Runs) == Kind.Good))
        {
            await Stack.AnswersAsync(service, $"{service} {part.Runs}");
        }
    }

    /// <summary>Compose recreates nothing, unless a person has moved the local tag, and touches nothing that is well.</summary>
    private async Task ComposeAgreesAsync(Sighting seen, World world)
    {
        var well = seen.Parts.Where(part => part.Value.Stand == Stand.Up && part.Value.Tag == part.Value.Runs && world.KindOf(part.Value.Runs) == Kind.Good)
            .Select(part => $" {Stack.Prefix}-{part.Key}-1 ");
        var changes = await Stack.UpDryAsync();
        Assert.DoesNotContain(changes, change => well.Any(name => change.Contains(name, StringComparison.Ordinal)));
    }
}
