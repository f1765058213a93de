using System.Net;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed class RegistryProxyTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Theory, EachLeg]
    public async Task An_engine_pulls_through_it(string leg)
    {
        await using var proxy = await RegistryProxy.StartAsync();
        await using var stack = new ComposeStack(Lab.Current.Engine(leg)) { Registry = proxy.Address };
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "1"));
        await stack.Engine.PullAsync(pushed.Reference);
        Assert.NotNull(await stack.Engine.ImageIdAsync(pushed.Reference));
        Assert.True(proxy.Count("GET", "/v2/*/blobs/*") > 0);
        Assert.Equal(0, proxy.Count("PUT", "*"));
        Assert.Contains(await Lab.Current.Registry.Log.OfAsync(stack.Repository("web")), request => request.PullsBlob);
    }

    [Theory, EachLeg]
    public async Task A_pull_that_meets_a_fault_fails_and_works_once_it_is_gone(string leg)
    {
        await using var proxy = await RegistryProxy.StartAsync();
        await using var stack = new ComposeStack(Lab.Current.Engine(leg)) { Registry = proxy.Address };
        var pushed = await stack.PushAsync("web", TestImage.Good("web", "1"));
        foreach (var fault in new[] { RegistryFault.Unauthorized, RegistryFault.Forbidden, RegistryFault.NotFound })
        {
            var rule = proxy.On("*", "/v2/*/manifests/*", fault);
            await Assert.ThrowsAsync<InvalidOperationException>(() => stack.Engine.PullAsync(pushed.Reference));
            rule.Remove();
        }

        await stack.Engine.PullAsync(pushed.Reference);
    }

    [Theory, EachLeg]
    public async Task A_tag_moves_in_the_middle_of_a_pull(string leg)
    {
        await using var proxy = await RegistryProxy.StartAsync();
        await using var stack = new ComposeStack(Lab.Current.Engine(leg)) { Registry = proxy.Address };
        var first = await stack.PushAsync("web", TestImage.Good("web", "1"));
        var second = first;
        proxy.On("GET", "/v2/*/blobs/*", RegistryFault.First(async () => second = await stack.PushAsync("web", TestImage.Good("web", "2"))), times: 1);
        await stack.Engine.PullAsync(first.Reference);
        Assert.Contains(first.ByDigest, await stack.Engine.RepoDigestsAsync(first.Reference));
        Assert.NotEqual(first.Digest, second.Digest);
    }

    [Fact]
    public async Task Answers_are_what_they_were_told_to_be()
    {
        await using var proxy = await RegistryProxy.StartAsync();
        proxy.On("GET", "/v2/", RegistryFault.TooMany(7), times: 1);
        proxy.On("GET", "/v2/", RegistryFault.Broken, times: 1);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{proxy.Address}") };
        using var limited = await http.GetAsync(new Uri("/v2/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.TooManyRequests, "7"), (limited.StatusCode, limited.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(500, await Http.StatusAsync(new Uri(http.BaseAddress, "/v2/")));
        Assert.Equal(200, await Http.StatusAsync(new Uri(http.BaseAddress, "/v2/")));
        Assert.Equal(3, proxy.Count("GET", "/v2/"));
    }

    [Fact]
    public async Task Bodies_break_off_and_stall_where_they_were_told_to()
    {
        await using var proxy = await RegistryProxy.StartAsync();
        var repository = $"omis{Guid.NewGuid():N}/web";
        var pushed = await Lab.Current.Registry.PushAsync(repository, "1", TestImage.Good("web", "1"));
        var blob = new Uri($"http://{proxy.Address}/v2/{repository}/blobs/{pushed.ConfigDigest}");
        proxy.On("GET", "/v2/*/blobs/*", RegistryFault.Truncate(20), times: 1);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(blob, Long));
        proxy.On("GET", "/v2/*/blobs/*", RegistryFault.StallInBody(20), times: 1);
        await Assert.ThrowsAsync<TaskCanceledException>(() => GetAsync(blob, TimeSpan.FromSeconds(0.5)));
        proxy.On("GET", "/v2/*/blobs/*", RegistryFault.Stall, times: 1);
        await Assert.ThrowsAsync<TaskCanceledException>(() => GetAsync(blob, TimeSpan.FromSeconds(0.5)));
        Assert.Equal(pushed.ConfigDigest, Blob.Of(await GetAsync(blob, Long)).Digest);
    }

    [Fact]
    public async Task Connections_are_refused_while_it_is_down()
    {
        await using var proxy = await RegistryProxy.StartAsync();
        var url = new Uri($"http://{proxy.Address}/v2/");
        Assert.Equal(200, await Http.StatusAsync(url));
        await proxy.DownAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.StatusAsync(url));
        await proxy.UpAsync();
        Assert.Equal(200, await Http.StatusAsync(url));
    }

    private static async Task<byte[]> GetAsync(Uri url, TimeSpan limit)
    {
        using var http = new HttpClient { Timeout = limit };
        return await http.GetByteArrayAsync(url);
    }
}
