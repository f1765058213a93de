using CsCheck;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Tests.Naming;

/// <summary>The tables follow the rules of github.com/distribution/reference, which is what docker and compose use.</summary>
public sealed class ImageReferenceTests
{
    private const string Hex = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";

    private static readonly Gen<string> NearlyReferences = Gen.OneOf(
        Gen.String[Gen.Char["abz09AZ.:/@_-[]% \n"], 0, 40],
        Gen.Select(Gen.OneOf("", "a.b/", "host:5000/", "localhost/", "[::1]:5/", "A/"), Gen.String[Gen.Char["ab/._-"], 1, 20], Gen.OneOf("", ":t", ":", "@sha256:" + Hex, ":1@sha256:" + Hex))
            .Select((host, path, end) => host + path + end));

    [Theory]
    [InlineData("nginx", "docker.io", "library/nginx", "latest", "nginx")]
    [InlineData("nginx:1.27", "docker.io", "library/nginx", "1.27", "nginx")]
    [InlineData("library/nginx", "docker.io", "library/nginx", "latest", "nginx")]
    [InlineData("docker.io/nginx", "docker.io", "library/nginx", "latest", "nginx")]
    [InlineData("index.docker.io/fooo/bar", "docker.io", "fooo/bar", "latest", "fooo/bar")]
    [InlineData("docker.io/library/foo/bar", "docker.io", "library/foo/bar", "latest", "library/foo/bar")]
    [InlineData("other/library", "docker.io", "other/library", "latest", "other/library")]
    [InlineData("registry-1.docker.io/library/nginx", "registry-1.docker.io", "library/nginx", "latest", "registry-1.docker.io/library/nginx")]
    [InlineData("192.168.0.1", "docker.io", "library/192.168.0.1", "latest", "192.168.0.1")]
    [InlineData("192.168.0.1:80", "docker.io", "library/192.168.0.1", "80", "192.168.0.1")]
    [InlineData("192.168.0.2:25000/debian", "192.168.0.2:25000", "debian", "latest", "192.168.0.2:25000/debian")]
    [InlineData("test_com/foo", "docker.io", "test_com/foo", "latest", "test_com/foo")]
    [InlineData("test-com:8080/foo", "test-com:8080", "foo", "latest", "test-com:8080/foo")]
    [InlineData("localhost/app", "localhost", "app", "latest", "localhost/app")]
    [InlineData("localhost:5000/a/b/c:v1", "localhost:5000", "a/b/c", "v1", "localhost:5000/a/b/c")]
    [InlineData("[fc00::1]:5000/docker", "[fc00::1]:5000", "docker", "latest", "[fc00::1]:5000/docker")]
    [InlineData("xn--n3h.com:18080/foo", "xn--n3h.com:18080", "foo", "latest", "xn--n3h.com:18080/foo")]
    [InlineData("FOO/bar", "foo", "bar", "latest", "FOO/bar")]
    [InlineData("Example.com/app", "example.com", "app", "latest", "Example.com/app")]
    [InlineData("omispcacrprod.azurecr.io/omis-pc/backend:latest", "omispcacrprod.azurecr.io", "omis-pc/backend", "latest", "omispcacrprod.azurecr.io/omis-pc/backend")]
    [InlineData("dock__er/d---r.x_y", "docker.io", "dock__er/d---r.x_y", "latest", "dock__er/d---r.x_y")]
    [InlineData("docker.io/" + Hex, "docker.io", "library/" + Hex, "latest", Hex)]
    public void A_name_is_normalised_as_docker_does(string text, string registry, string repository, string tag, string local)
    {
        var reference = ImageReference.Parse(text);

        Assert.Equal((registry, repository, tag, local), (reference.Registry, reference.Repository, reference.Tag, reference.LocalName));
        Assert.Equal($"{local}:{tag}", reference.LocalTag);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("https://github.com/docker/docker")]
    [InlineData("docker/Docker")]
    [InlineData("-docker")]
    [InlineData("-docker.io/docker/docker")]
    [InlineData("docker-/docker")]
    [InlineData("docker///docker")]
    [InlineData("docker/")]
    [InlineData("/docker")]
    [InlineData("____/____")]
    [InlineData("dock..er/docker")]
    [InlineData("dock_.er/docker")]
    [InlineData("[fc00::1]")]
    [InlineData("[fc00::1]:5000")]
    [InlineData("fc00::1:5000/debian")]
    [InlineData("[fe80::1%eth0]:5000/debian")]
    [InlineData("a.b./app")]
    [InlineData("host:port/app")]
    [InlineData("nginx:")]
    [InlineData("nginx:-bad")]
    [InlineData("nginx@sha256:12")]
    [InlineData("nginx@")]
    [InlineData("nginx\n")]
    [InlineData(" nginx")]
    public void What_docker_refuses_is_refused(string? text) => Assert.False(ImageReference.TryParse(text, out _));

    [Theory]
    [InlineData(Hex)]
    [InlineData("sha256:" + Hex)]
    public void An_image_id_names_no_repository(string text) => Assert.False(ImageReference.TryParse(text, out _));

    [Fact]
    public void A_tag_beside_a_digest_is_kept()
    {
        var reference = ImageReference.Parse($"busybox:1@sha256:{Hex}");

        Assert.Equal(("1", $"sha256:{Hex}", $"busybox:1@sha256:{Hex}"), (reference.Tag, reference.Digest?.Value, reference.ToString()));
    }

    [Fact]
    public void A_digest_alone_has_no_tag() => Assert.Null(ImageReference.Parse($"busybox@sha256:{Hex}").Tag);

    [Fact]
    public void A_path_of_more_than_255_characters_is_refused()
    {
        Assert.True(ImageReference.TryParse("host.io/" + new string('a', 255), out _));
        Assert.False(ImageReference.TryParse("host.io/" + new string('a', 256), out _));
    }

    [Fact]
    public void The_same_repository_at_a_digest_is_written_as_the_engine_pulls_it() =>
        Assert.Equal($"nginx@sha256:{Hex}", ImageReference.Parse("nginx:1").At(Digest.Parse("sha256:" + Hex)));

    /// <summary>Repeated to the length where the parser stops looking: none of them may make it go back over and over.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("a-")]
    [InlineData("a.")]
    [InlineData("a__")]
    [InlineData("a/")]
    [InlineData("--")]
    [InlineData("1.")]
    [InlineData("a.b/")]
    [InlineData("a:")]
    [InlineData("@sha256:")]
    public void A_text_of_any_length_is_judged_in_time(string part)
    {
        foreach (var end in new[] { "", "!", "/", ":1", "@sha256:" + Hex })
        {
            var longest = string.Concat(Enumerable.Repeat(part, 900 / part.Length)) + end;
            Assert.True(!ImageReference.TryParse(longest, out var reference) || reference.Repository.Length <= 255);
            Assert.False(ImageReference.TryParse(string.Concat(Enumerable.Repeat(part, 1_000_000)) + end, out _));
        }
    }

    [Fact]
    public void Whatever_is_read_reads_the_same_once_written() =>
        NearlyReferences.Sample(
            text => !ImageReference.TryParse(text, out var reference) || ImageReference.Parse(reference.ToString()) == reference,
            iter: 50_000);
}
