using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>
/// A tag of several platforms names an index, and an image may have been pulled by the tag, by the index's digest, by its
/// own platform's digest, or for another platform than the machine's: it is up to date as long as the index says so.
/// </summary>
public sealed class PlatformDigestTests
{
    private static readonly string Elsewhere = TestImage.Here == "linux/arm64" ? "linux/amd64" : "linux/arm64";
    private static readonly string[] Ways = ["foreign", "index", "platform", "tag"];

    [Theory]
    [InlineData("stable")]
    [InlineData("newest")]
    public async Task However_an_image_was_pulled_only_an_index_that_moved_is_an_update(string leg)
    {
        await using var stack = new ComposeStack(Lab.Current.Engine(leg));
        var first = await PushAsync(stack, "1");
        await PullAsync(stack, first["index"], first["index"].Digest);
        await PullAsync(stack, first["platform"], first["platform"].PlatformDigest);
        await stack.BringUpAsync("services:\n" + string.Concat(Ways.Select(way => $"""
              {way}:
                image: {stack.Image(way)}
                ports: ["127.0.0.1:{stack.Port(way)}:8080"]
                {(way == "foreign" ? "platform: " + Elsewhere : "")}

            """)));
        await AnswerAsync(stack, "1");
        await using var home = stack.Agent(Rules.Quick);
        var before = await stack.IdsAsync();

        var idle = await CycleAsync(stack, home);
        Assert.Equal(Ways.Select(way => way + " upToDate"), idle.Cycle.Skips());
        Assert.Equal(Ways.Select(way => way + " upToDate"), idle.Cycle.Seen());
        Assert.Equal(before, await stack.IdsAsync());
        Assert.DoesNotContain(home.Proxy.Calls, call => call.IsTouch);
        Assert.All(idle.Requests, request => Assert.True(request.IsTheAgents, $"{request}"));
        Assert.Equal(["foreign HEAD", "index HEAD", "platform GET", "platform HEAD", "tag HEAD"], idle.Requests.Select(request => $"{request.Repository.Split('/')[1]} {request.Method}").Order(StringComparer.Ordinal));

        await PushAsync(stack, "2");
        var update = await CycleAsync(stack, home);
        Assert.Equal(Ways.Select(way => way + " updateAvailable"), update.Cycle.Seen());
        Assert.Equal("committed", update.Cycle.Rollout().Outcome());
        await AnswerAsync(stack, "2");

        var later = await CycleAsync(stack, home);
        Assert.Equal(Ways.Select(way => way + " upToDate"), later.Cycle.Seen());
        Assert.All(later.Requests, request => Assert.Equal("HEAD", request.Method));
        Assert.Equal(Ways.Length, later.Requests.Length);
        Assert.Empty(await stack.UpDryAsync());
    }

    private static async Task<(AgentResult Cycle, ImmutableArray<RegistryRequest> Requests)> CycleAsync(ComposeStack stack, AgentHome home)
    {
        var asked = (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix)).Length;
        var cycle = (await home.CycleAsync()).Exits(0);
        return (cycle, (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix))[asked..]);
    }

    private static async Task<Dictionary<string, PushedImage>> PushAsync(ComposeStack stack, string version)
    {
        var pushed = new Dictionary<string, PushedImage>();
        foreach (var way in Ways)
        {
            pushed[way] = await stack.PushAsync(way, TestImage.Good(way, version) with { Platforms = [TestImage.Here, Elsewhere] });
        }

        return pushed;
    }

    /// <summary>By that digest, and under its tag's name afterwards.</summary>
    private static async Task PullAsync(ComposeStack stack, PushedImage image, string digest)
    {
        var reference = $"{image.Repository}@{digest}";
        await stack.Engine.PullAsync(reference);
        await stack.Engine.TagAsync(reference, image.Repository, image.Tag);
    }

    private static async Task AnswerAsync(ComposeStack stack, string version)
    {
        foreach (var way in Ways)
        {
            await stack.AnswersAsync(way, $"{way} {version}");
        }
    }
}
