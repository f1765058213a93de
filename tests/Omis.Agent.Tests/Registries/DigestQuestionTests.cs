using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class DigestQuestionTests
{
    [Fact]
    public async Task One_head_that_accepts_all_four_media_types_is_all_it_takes()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Found);
        using var registry = Registry();

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));

        var head = Assert.Single(server.Transcript);
        Assert.Equal("HEAD /v2/team/app/manifests/1", head.ToString());
        Assert.Equal(
            ["application/vnd.docker.distribution.manifest.list.v2+json", "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json"],
            head.Accept.Order(StringComparer.Ordinal));
        Assert.StartsWith("omis-agent/0.", head.UserAgent, StringComparison.Ordinal);
        Assert.Null(head.Authorization);
    }

    [Theory]
    [InlineData("no header")]
    [InlineData("sha256:short")]
    [InlineData("SHA256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")]
    public async Task Where_head_names_no_digest_the_body_tells(string header)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Get(context =>
        {
            context.Response.Headers["Docker-Content-Digest"] = header == "no header" ? null : header;
            return Task.CompletedTask;
        }));
        using var registry = Registry();

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));
        Assert.Equal(["HEAD /v2/team/app/manifests/1", "GET /v2/team/app/manifests/1"], server.Lines);
    }

    [Fact]
    public async Task Where_head_is_refused_the_body_tells()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Get(Scripts.Status(405)));
        using var registry = Registry();

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server)));
    }

    [Fact]
    public async Task A_body_that_has_not_the_digest_it_claims_is_no_answer()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Get(Scripts.Status(405), digest: "sha256:" + new string('0', 64)));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Contains("does not have the digest it claims", failed.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Log in to the hotel's network</html>")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{\"schemaVersion\":2,\"manifests\":[")]
    [InlineData("{\"schemaVersion\":1}")]
    [InlineData("[{\"schemaVersion\":2}]")]
    public async Task A_body_that_is_no_manifest_is_no_answer(string body)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Get(Scripts.Status(200), body));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Contains("something other than a manifest", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_of_nearly_four_mebibytes_is_read_and_an_endless_one_is_not()
    {
        static string Padded(int length) => $$"""{"schemaVersion":2,"x":"{{new string('x', length)}}"}""";
        await using var large = await ScriptedServer.StartAsync(Scripts.Get(Scripts.Status(405), Padded((4 << 20) - 100)));
        await using var endless = await ScriptedServer.StartAsync(Scripts.Get(Scripts.Status(405), Padded(4 << 20)));
        using var registry = Registry();

        await FoundAsync(registry, App(large));
        var failed = await FailedAsync(registry, App(endless), ReasonCode.RegistryUnavailable);
        Assert.Contains("more than 4 MiB", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_no_answer()
    {
        await using var server = await ScriptedServer.StartAsync(BreakOff);
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Contains("broke off its answer", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_by_digest_is_asked_for_by_digest()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Found);
        using var registry = Registry();

        Assert.Equal(Scripts.Digest, await FoundAsync(registry, App(server, $"app:1@{Scripts.Digest}")));
        Assert.Equal([$"HEAD /v2/app/manifests/{Scripts.Digest}"], server.Lines);
    }

    [Fact]
    public async Task A_registry_that_answers_with_another_digest_than_asked_for_is_not_believed()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Found);
        using var registry = Registry();

        await FailedAsync(registry, App(server, "app@sha256:" + new string('0', 64)), ReasonCode.RegistryUnavailable);
    }

    private static async Task BreakOff(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = 405;
            return;
        }

        context.Response.ContentLength = 1000;
        await context.Response.WriteAsync("{\"schemaVersion\":2,");
        await context.Response.Body.FlushAsync();
        context.Abort();
    }
}
