using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>What an index names is looked for only where its own digest does not tell, and once.</summary>
public sealed class InsideTests
{
    private static readonly Digest One = Digest.Parse("sha256:" + new string('1', 64));
    private static readonly string Index = $$$"""{"schemaVersion":2,"manifests":[{"digest":"{{{One}}}","platform":{"os":"linux","architecture":"amd64"}},{"digest":"sha256:no"},null,{"digest":"{{{One}}}"}]}""";
    private static readonly Digest IndexDigest = Digest.Parse("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Index))));

    private static readonly Gen<byte[]> NearlyManifests = Gen.OneOf(
        Gen.OneOf("{", "}", "[", "]", ",", ":", "\"schemaVersion\":2", "\"schemaVersion\":2.0", "\"manifests\":", "{\"digest\":", $"\"{One}\"", "\"sha256:1\"", "\"\\ud800\"", "null", "1e999", "\"digest\"", "true", "{\"manifests\":[", "]}", "é")
            .Array[0, 24].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))),
        Gen.Select(Gen.Int[0, 250], Gen.Byte).Array[1, 6].Select(edits =>
        {
            var bytes = Encoding.UTF8.GetBytes(Index);
            Array.ForEach(edits, edit => bytes[edit.Item1 % bytes.Length] = edit.Item2);
            return bytes;
        }),
        Gen.Byte.Array[0, 80]);

    [Fact]
    public async Task An_index_is_read_by_its_digest_and_only_once()
    {
        await using var server = await ScriptedServer.StartAsync(IndexAsync);
        using var registry = Registry();

        var found = Assert.IsType<RegistryAnswer.Found>(await registry.LatestAsync(App(server), Ct));
        Assert.Null(found.Platforms);
        for (var cycle = 0; cycle < 2; cycle++)
        {
            var inside = Assert.IsType<RegistryAnswer.Found>(await registry.LookInsideAsync(App(server), found, Ct));
            Assert.Equal((IndexDigest, One), (inside.Digest, Assert.Single(inside.Platforms!.Value)));
            Assert.True(inside.Covers(One) && inside.Covers(IndexDigest));
        }

        Assert.Equal(["HEAD /v2/team/app/manifests/1", $"GET /v2/team/app/manifests/{IndexDigest}"], server.Lines);
    }

    [Theory]
    [InlineData("application/vnd.oci.image.manifest.v1+json")]
    [InlineData("application/vnd.docker.distribution.manifest.v2+json; charset=utf-8")]
    public async Task What_says_that_it_is_of_one_platform_has_nothing_inside(string type)
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentType = type;
            return Scripts.Found(context);
        });
        using var registry = Registry();

        Assert.Empty(Assert.IsType<RegistryAnswer.Found>(await registry.LatestAsync(App(server), Ct)).Platforms!.Value);
    }

    [Fact]
    public async Task A_registry_that_fails_then_is_not_taken_for_an_update()
    {
        await using var server = await ScriptedServer.StartAsync(context => HttpMethods.IsHead(context.Request.Method) ? IndexAsync(context) : Scripts.Status(503)(context));
        using var registry = Registry();

        var found = (RegistryAnswer.Found)await registry.LatestAsync(App(server), Ct);
        Assert.IsType<RegistryAnswer.Failed>(await registry.LookInsideAsync(App(server), found, Ct));
    }

    [Fact]
    public void No_bytes_make_the_reader_of_manifests_throw() =>
        NearlyManifests.Sample(
            body =>
            {
                ManifestBody.IsManifest(body);
                Assert.InRange(ManifestBody.PlatformsOf(body).Length, 0, body.Length / 64);
            },
            iter: 50_000);

    private static Task IndexAsync(HttpContext context)
    {
        context.Response.ContentType = "application/vnd.oci.image.index.v1+json";
        context.Response.Headers["Docker-Content-Digest"] = IndexDigest.Value;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(Index);
    }
}
