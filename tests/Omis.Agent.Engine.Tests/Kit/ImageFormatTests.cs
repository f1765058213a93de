namespace Omis.Agent.Engine.Tests.Kit;

public sealed class ImageFormatTests
{
    [Theory, EachLeg]
    public async Task Every_format_can_be_pulled_and_is_known_by_the_digest_of_its_tag(string leg)
    {
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            await using var stack = new ComposeStack(Lab.Current.Engine(leg));
            var pushed = await stack.PushAsync("web", TestImage.Good("web", "1") with { Format = format });
            await stack.Engine.PullAsync(pushed.Reference);
            Assert.Contains(pushed.ByDigest, await stack.Engine.RepoDigestsAsync(pushed.Reference));
            Assert.Equal(stack.Engine.HasContainerdStore ? pushed.Digest : pushed.ConfigDigest, await stack.Engine.ImageIdAsync(pushed.Reference));
        }
    }

    [Theory, EachLeg]
    public async Task Of_several_platforms_the_engine_takes_its_own(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "1") with { Platforms = ["linux/s390x", TestImage.Here] });
        await stack.Engine.PullAsync(pushed.Reference);
        var image = await stack.Engine.GetAsync($"/images/{pushed.Reference}/json");
        Assert.Equal(TestImage.Here.Split('/')[1], image["Architecture"]!.GetValue<string>());
    }

    [Theory, EachLeg]
    public async Task An_image_for_another_platform_only_cannot_be_pulled(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "1") with { Platforms = ["linux/s390x"] });
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => stack.Engine.PullAsync(pushed.Reference));
        Assert.Contains("no match", fault.Message, StringComparison.Ordinal);
    }
}
