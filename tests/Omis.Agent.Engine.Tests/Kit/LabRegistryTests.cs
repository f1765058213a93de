using System.Collections.Immutable;
using System.Diagnostics;

namespace Omis.Agent.Engine.Tests.Kit;

public sealed class LabRegistryTests
{
    private readonly string repository = $"omis{Guid.NewGuid():N}/web";

    private static LabRegistry Registry => Lab.Current.Registry;

    [Fact]
    public void The_same_content_has_the_same_digest_and_other_content_another()
    {
        Assert.Equal(Digest(TestImage.Good("web", "1")), Digest(TestImage.Good("web", "1")));
        var formats = Enum.GetValues<ImageFormat>().Select(format => Digest(TestImage.Good("web", "1") with { Format = format }));
        Assert.Equal(6, formats.Append(Digest(TestImage.Good("web", "2"))).Append(Digest(TestImage.Healthy("web", "1"))).Distinct().Count());
    }

    [Fact]
    public async Task A_pushed_tag_has_its_digest_and_moves_with_the_next_push()
    {
        var first = await Registry.PushAsync(repository, "latest", TestImage.Good("web", "1"));
        Assert.Equal(first.Digest, await AskAsync("latest"));
        var second = await Registry.PushAsync(repository, "latest", TestImage.Good("web", "2"));
        Assert.Equal(second.Digest, await AskAsync("latest"));
        Assert.Equal(first.Digest, await AskAsync(first.Digest));
    }

    [Fact]
    public async Task A_deleted_tag_is_gone_and_its_image_is_not()
    {
        var pushed = await Registry.PushAsync(repository, "latest", TestImage.Good("web", "1"));
        await Registry.DeleteTagAsync(repository, "latest");
        Assert.Null(await AskAsync("latest"));
        Assert.Equal(pushed.Digest, await AskAsync(pushed.Digest));
    }

    [Fact]
    public async Task A_deleted_digest_is_gone()
    {
        var pushed = await Registry.PushAsync(repository, "latest", TestImage.Good("web", "1"));
        await Registry.DeleteAsync(repository, pushed.Digest);
        Assert.Null(await AskAsync(pushed.Digest));
    }

    [Fact]
    public async Task The_next_version_is_pushed_at_once()
    {
        await Registry.PushAsync(repository, "latest", TestImage.Good("web", "0"));
        var version = 0;

        // One of many: the machine may be busy with other tests.
        await Eventually.BeAsync("a push takes 50 ms at most", async () =>
        {
            var clock = Stopwatch.StartNew();
            await Registry.PushAsync(repository, "latest", TestImage.Good("web", $"{++version}"));
            return clock.ElapsedMilliseconds <= 50;
        });
    }

    [Fact]
    public async Task The_access_log_tells_every_request()
    {
        await Registry.PushAsync(repository, "latest", TestImage.Good("web", "1"));
        await AskAsync("latest");
        await AskAsync("latest");
        var asked = (await Registry.Log.OfAsync(repository)).Where(request => request.AsksManifest).ToImmutableArray();
        Assert.Equal(2, asked.Length);
        Assert.All(asked, request => Assert.Equal(("HEAD", "latest", 200, false), (request.Method, request.Reference, request.Status, request.PullsManifest)));
    }

    private static string Digest(TestImage image) => BuiltImage.Of(image).Top.Blob.Digest;

    private async Task<string?> AskAsync(string reference)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"http://{Registry.Address}/v2/{repository}/manifests/{reference}");
        request.Headers.Add("Accept", ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"]);
        using var response = await http.SendAsync(request);
        return response.IsSuccessStatusCode ? response.Headers.GetValues("Docker-Content-Digest").Single() : null;
    }
}
