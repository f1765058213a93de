namespace Omis.Agent.Engine.Tests.Kit;

public sealed class ComposeDryRunTests
{
    [Theory, EachLeg]
    public async Task What_compose_would_change_is_told_and_not_done(string leg)
    {
        foreach (var compose in Lab.Current.Compose)
        {
            await using var stack = new ComposeStack(Lab.Current.Engine(leg), compose);
            await stack.PushAsync("web", TestImage.Good("web", "1"));
            stack.WriteServices("web");
            await stack.UpAsync();
            Assert.Empty(await stack.UpDryAsync());

            var before = await stack.ContainerAsync("web");
            await stack.PushAsync("web", TestImage.Good("web", "2"));
            await stack.Engine.PullAsync(stack.Image("web"));
            Assert.Contains($"Container {stack.Prefix}-web-1 Recreate", await stack.UpDryAsync());
            Assert.Equal(before.Id, (await stack.ContainerAsync("web")).Id);
        }
    }
}
