using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Compose itself is the judge: what it makes of the same file with the new image is what the agent had to make.</summary>
public sealed class ComposeTableTests
{
    private static readonly string[] Sharers = ["beside", "behind", "borrowed"];

    [Theory, EachJudge]
    public async Task An_update_makes_of_every_service_what_compose_would(string leg, string compose)
    {
        await using var trial = await TableTrial.StartAsync(Lab.Current.Engine(leg), Lab.Current.Compose.Single(one => one.Version == compose));
        var (stack, old) = (trial.Stack, await trial.SeenAsync());

        await stack.PushAsync("app", DefaultsImage.Of(2));
        var cycle = (await trial.Agent.CycleAsync()).Exits(0);
        var updated = await trial.SeenAsync();
        Assert.All(old, each => Assert.True(updated[each.Key].Id != each.Value.Id, $"{each.Key} was left as it was: {cycle}"));
        await OnlySharersAreNewsToComposeAsync(stack);
        await trial.KeptItsDataAsync();
        Assert.Equal(Likeness.Ports(old["kept"]), Likeness.Ports(updated["kept"]));
        Assert.Equal(HasItsMac(old), HasItsMac(updated));

        await stack.PushAsync("app", DefaultsImage.Broken(3));
        (await trial.Agent.CycleAsync()).Exits(4);
        Assert.Equal(updated.Values.Select(each => each.Id), (await trial.SeenAsync()).Values.Select(each => each.Id));
        await OnlySharersAreNewsToComposeAsync(stack);
        await trial.KeptItsDataAsync();

        await stack.UpAsync("--force-recreate", "--pull", "never");
        var judged = await trial.SeenAsync();
        var differences = updated.SelectMany(one => Likeness.Differences(Seen(updated, one.Key), Seen(judged, one.Key)).Select(line => $"{one.Key}: {line}"));
        Assert.True(!differences.Any(), string.Join('\n', differences));
    }

    /// <summary>
    /// An anonymous volume that only the old image asked for stays, with its data; compose leaves it behind. A sharer's
    /// hash is compose's alone.
    /// </summary>
    private static IReadOnlyList<string> Seen(ImmutableSortedDictionary<string, ContainerFacts> project, string service)
    {
        var lines = Likeness.Of(project[service], project.Values.ToDictionary(container => container.Id, container => container.Service!));
        return [.. lines.Where(line => !line.StartsWith("/Mounts//new-1/", StringComparison.Ordinal) && (!Sharers.Contains(service) || !line.Contains("config-hash", StringComparison.Ordinal)))];
    }

    /// <summary>
    /// Compose hashes the id of the container that another is bound to into that one's <c>config-hash</c>: nobody but
    /// compose can know the new hash, so it makes those, and no others, once more.
    /// </summary>
    private static async Task OnlySharersAreNewsToComposeAsync(ComposeStack stack)
    {
        Assert.DoesNotContain(await stack.UpDryAsync(), change => !Sharers.Any(name => change.Contains($"{stack.Prefix}-{name}-1", StringComparison.Ordinal)));
    }

    /// <summary>Compose 2.26 does not give it to engines of API 1.44 and later.</summary>
    private static bool HasItsMac(ImmutableSortedDictionary<string, ContainerFacts> project) =>
        project["hardware"].Json["NetworkSettings"]!["Networks"]!.AsObject().Single().Value!["MacAddress"]!.GetValue<string>() == "02:42:ac:11:77:01";
}

/// <summary>The whole table, up with version 1 and with data in its volumes.</summary>
internal sealed class TableTrial : IAsyncDisposable
{
    private const string Rules = """{ "defaults": { "healthy": { "stableFor": "0s", "deadline": "30s" }, "revertBudget": "60s" } }""";

    private TableTrial(ComposeStack stack) => (Stack, Agent) = (stack, stack.Agent(Rules));

    public ComposeStack Stack { get; }

    public AgentHome Agent { get; }

    public static Task<TableTrial> StartAsync(LabEngine engine, ComposeBinary compose) =>
        new TableTrial(new ComposeStack(engine, compose)).OrDisposeAsync(trial => trial.SetUpAsync());

    public async Task<ImmutableSortedDictionary<string, ContainerFacts>> SeenAsync() =>
        (await Stack.PsAsync()).ToImmutableSortedDictionary(container => container.Service!, container => container);

    /// <summary>What the volumes hold, and the files that compose put into the container, to the last bit of their modes.</summary>
    public async Task KeptItsDataAsync()
    {
        Assert.Equal("here\nhere\nhere\n", (await Stack.RunAsync("exec", "-T", "--user", "0", "volumes", "/bin/cat", "/anonymous/it", "/long/it", "/kept/it")).Output);
        var told = (await Stack.RunAsync("exec", "-T", "--user", "0", "injected", "/bin/sh", "-c", "cat /inline /etc/deep/owned.conf /run/secrets/token; stat -c '%a %u %g %n' /inline /etc/deep/owned.conf /run/secrets/token")).Output;
        injected ??= told;
        Assert.Equal(injected, told);
        Assert.StartsWith("a = 1\nb = 2\nhush", told, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Stack.DisposeAsync();
    }

    private string? injected;

    private async Task SetUpAsync()
    {
        Directory.CreateDirectory(Path.Combine(Stack.Folder.FullName, "folder"));
        await File.WriteAllTextAsync(Path.Combine(Stack.Folder.FullName, "filed"), "filed\n");
        await File.WriteAllTextAsync(Path.Combine(Stack.Folder.FullName, ".env"), "OMIS_TEST_TOKEN=hush\n");
        await Stack.PushAsync("app", DefaultsImage.Of(1));
        Stack.Write(ComposeTable.Of(Stack, Version.Parse(Stack.Engine.Facts.ApiVersion) >= new Version(1, 44), hasOwners: Stack.Engine.Leg != "stable"));
        await Stack.UpAsync();
        foreach (var folder in (string[])["/anonymous", "/long", "/kept"])
        {
            await Stack.RunAsync("exec", "-T", "--user", "0", "volumes", "/bin/sh", "-c", $"echo here >{folder}/it");
        }

        await KeptItsDataAsync();
    }
}
