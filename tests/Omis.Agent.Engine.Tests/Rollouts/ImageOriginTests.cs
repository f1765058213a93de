namespace Omis.Agent.Engine.Tests.Rollouts;

public sealed class ImageOriginTests
{
    [Fact]
    public async Task An_image_pinned_by_digest_is_left_alone()
    {
        await using var stack = new ComposeStack(OneLeg.Mine());
        var pinned = await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.BringUpAsync($"services: {{ web: {{ image: \"{pinned.ByDigest}\" }} }}");
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await IsSkippedAsync(stack, "web digestPinned");
    }

    /// <param name="leg">The containerd store gives a built image a repo@digest as if it had been pulled.</param>
    [Theory, EachLeg]
    public async Task An_image_built_here_is_left_alone(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("base", TestImage.Good("web", "1"));
        var built = $"{stack.Prefix}/built:dev";
        await BuildAsync(stack, built);
        await stack.BringUpAsync($"services: {{ web: {{ image: \"{built}\" }} }}");
        await IsSkippedAsync(stack, "web localImage");
    }

    [Theory, EachLeg]
    public async Task An_image_built_here_under_a_registrys_name_is_left_alone(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("base", TestImage.Good("web", "1"));
        await BuildAsync(stack, stack.Image("built"));
        await stack.BringUpAsync($"services: {{ web: {{ image: \"{stack.Image("built")}\", pull_policy: never }} }}");
        await IsSkippedAsync(stack, "web localImage");
    }

    /// <param name="leg">The containerd store gives every name of an image a repo@digest of its own.</param>
    [Theory, EachLeg]
    public async Task An_image_with_the_name_that_compose_gives_to_what_it_builds_is_left_alone(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        await stack.PushAsync("base", TestImage.Good("web", "1"));
        await stack.Engine.PullAsync(stack.Image("base"));
        await stack.Engine.TagAsync(stack.Image("base"), stack.Prefix + "-web", "latest");
        await stack.BringUpAsync($"services: {{ web: {{ image: \"{stack.Prefix}-web\", pull_policy: never }} }}");
        await IsSkippedAsync(stack, "web localImage");
    }

    [Fact]
    public async Task A_tag_that_was_pulled_by_hand_but_not_recreated_is_taken()
    {
        await using var stack = await Stacks.UpAsync(["web"]);
        await using var agent = stack.Agent(Rules.Quick);
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        await stack.Engine.PullAsync(stack.Image("web"));
        Assert.Equal("committed", (await agent.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");
        Assert.Empty(await stack.UpDryAsync());
    }

    private static async Task BuildAsync(ComposeStack stack, string name)
    {
        var context = stack.Folder.CreateSubdirectory("context");
        await File.WriteAllTextAsync(Path.Combine(context.FullName, "Dockerfile"), $"FROM {stack.Image("base")}\nLABEL maintainer={stack.Prefix}\n");
        var environment = new Dictionary<string, string?>
        {
            ["DOCKER_HOST"] = stack.Engine.Endpoint.ToString(),
            ["DOCKER_BUILDKIT"] = "0",
            ["DOCKER_CONFIG"] = stack.Folder.FullName,
            ["DOCKER_CONTEXT"] = null,
        };
        using var build = ChildProcess.Start(stack.Engine.Facts.Docker, ["build", "--tag", name, context.FullName], environment, context.FullName);
        (await build.EndAsync(TimeSpan.FromMinutes(1))).OrThrow();
    }

    private static async Task IsSkippedAsync(ComposeStack stack, string skip)
    {
        await using var agent = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();
        var result = (await agent.CycleAsync()).Exits(0);
        Assert.Equal([skip], result.Skips());
        Assert.Equal(["web unmanaged"], result.Seen());
        Assert.Equal(before, await stack.IdsAsync());
    }
}
