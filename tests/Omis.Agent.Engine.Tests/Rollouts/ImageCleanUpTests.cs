using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class ImageCleanUpTests
{
    private const string Fast = """{ "defaults": { "healthy": { "stableFor": "200ms", "deadline": "15s" }, "keepPrevious": KEEP } }""";

    [Theory, EachLeg]
    public async Task After_five_updates_one_older_image_is_left_and_what_a_person_named(string leg)
    {
        await using var update = await UpdatedAsync(leg, keep: 1);
        await LeavesAsync(update, "latest 6", "mine 2", "omis-previous-web 5");
    }

    [Theory, EachLeg]
    public async Task Three_older_images_are_left_where_three_are_kept_and_what_runs_is_none_of_them(string leg)
    {
        await using var update = await UpdatedAsync(leg, keep: 3);
        await LeavesAsync(update, "latest 6", "mine 2", "omis-previous-web 5", "omis-previous-web-2 4", "omis-previous-web-3 3");
        (await update.Home.RunAsync("rollback", update.Stack.Prefix)).Exits(0);
        await LeavesAsync(update, "latest 5", "mine 2", "omis-previous-web 6", "omis-previous-web-2 4", "omis-previous-web-3 3");
        (await update.Home.RunAsync("unpin", update.Stack.Prefix)).Exits(0);
        await update.Stack.PushAsync("web", TestImage.ExitsAtOnce("web", "7"));
        (await update.CycleAsync()).Exits(4);
        await LeavesAsync(update, "latest 5", "mine 2", "omis-previous-web 6", "omis-previous-web-2 4", "omis-previous-web-3 3");
    }

    [Theory, EachLeg]
    public async Task Nothing_is_left_where_nothing_is_kept(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.BringUpAsync($"services: {{ web: {{ image: \"{stack.Image("web")}\", deploy: {{ replicas: 2 }} }} }}");
        await using var agent = stack.Agent(Fast.Replace("KEEP", "0", StringComparison.Ordinal));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        (await agent.CycleAsync()).Exits(0);
        Assert.Equal([stack.Image("web")], await TagsAsync(stack));
        Assert.Empty(await NamelessAsync(stack));
    }

    [Fact]
    public async Task What_lost_journals_left_beyond_what_is_kept_goes_with_the_next_rollout_whatever_its_end()
    {
        await using var update = await UpdatedAsync(OneLeg.Mine().Leg, keep: 1);
        var stack = update.Stack;
        foreach (var place in (string[])["2", "3"])
        {
            await stack.Engine.TagAsync(stack.Image("web").Replace(":latest", ":mine", StringComparison.Ordinal), stack.Image("web")[..^":latest".Length], "omis-previous-web-" + place);
        }

        await stack.PushAsync("web", TestImage.ExitsAtOnce("web", "7"));
        (await update.CycleAsync()).Exits(4);

        await LeavesAsync(update, "latest 6", "mine 2", "omis-previous-web 5");
    }

    private static async Task<PendingUpdate> UpdatedAsync(string leg, int keep)
    {
        var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Config = Fast.Replace("KEEP", $"{keep}", StringComparison.Ordinal) });
        return await update.OrDisposeAsync(async it =>
        {
            await it.TakesTheUpdateAsync();
            await it.Stack.Engine.TagAsync(it.Stack.Image("web"), it.Stack.Image("web")[..^":latest".Length], "mine");
            for (var version = 3; version <= 6; version++)
            {
                await it.ReleaseAsync($"{version}");
                await it.TakesTheUpdateAsync($"{version}");
            }
        });
    }

    /// <param name="tags">Each as "tag version".</param>
    private static async Task LeavesAsync(PendingUpdate update, params string[] tags)
    {
        var stack = update.Stack;
        Assert.Equal(tags.Select(tag => stack.Image("web", tag.Split(' ')[0])), await TagsAsync(stack));
        foreach (var tag in tags.Select(tag => tag.Split(' ')))
        {
            // The same content again gives the same digest.
            var pushed = await stack.PushAsync("web", TestImage.Good("web", tag[1]), "asked");
            Assert.Equal(await stack.Engine.ImageIdAsync(pushed.ByDigest), await stack.Engine.ImageIdAsync(stack.Image("web", tag[0])));
        }

        Assert.Empty(await NamelessAsync(stack));
    }

    private static async Task<IEnumerable<string>> TagsAsync(ComposeStack stack) =>
        (await stack.Engine.ReferencesAsync(stack.Prefix)).Where(reference => !reference.Contains('@', StringComparison.Ordinal));

    /// <summary>Images of this test that have no tag.</summary>
    private static async Task<IEnumerable<string>> NamelessAsync(ComposeStack stack)
    {
        var tagged = (await Task.WhenAll((await TagsAsync(stack)).Select(stack.Engine.ImageIdAsync))).ToHashSet();
        var digests = (await stack.Engine.ReferencesAsync(stack.Prefix)).Where(reference => reference.Contains('@', StringComparison.Ordinal));
        var stray = (await Task.WhenAll(digests.Select(async digest => (digest, id: await stack.Engine.ImageIdAsync(digest))))).Where(pair => !tagged.Contains(pair.id)).Select(pair => pair.digest);
        return [.. stray, .. (await Cleanup.LeftAsync(stack.Engine, stack.Prefix)).Where(left => left.StartsWith("image sha256:", StringComparison.Ordinal))];
    }
}
