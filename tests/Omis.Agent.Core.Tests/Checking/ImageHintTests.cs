using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Tests.Checking;

public sealed class ImageHintTests
{
    [Theory]
    [InlineData("r.io/shop/web:1", "r.io/shop/web:1", true)]
    [InlineData("r.io/shop/web:1", "r.io/shop/web:2", false)]
    [InlineData("r.io/shop/web", "r.io/shop/web:2", true)]
    [InlineData("r.io/shop/web", "r.io/shop/website:2", false)]
    [InlineData("r.io/shop/web:latest", "r.io/shop/web", true)]
    [InlineData("R.IO/shop/web:1", "r.io/shop/web:1", true)]
    [InlineData("127.0.0.1:5000/web", "127.0.0.1:5000/web:1", true)]
    [InlineData("nginx:1", "docker.io/library/nginx:1", true)]
    [InlineData("docker.io/library/nginx:1", "nginx:1", true)]
    [InlineData("r.io/shop/web:1", "other.io/shop/web:1", false)]
    [InlineData("r.io/shop/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "r.io/shop/web:1", true)]
    public void A_hint_names_an_image_or_its_whole_repository(string hint, string image, bool names) =>
        Assert.Equal(names, ImageHint.TryParse(hint)!.Names(ImageReference.Parse(image)));

    [Theory]
    [InlineData("r.io", "shop/web", "1", "r.io/shop/web:1")]
    [InlineData("r.io", "shop/web", null, "r.io/shop/web")]
    [InlineData("r.io", "shop/web", "", "r.io/shop/web")]
    [InlineData("docker.io", "library/nginx", "1", "docker.io/library/nginx:1")]
    [InlineData("R.io", "web", "1", "r.io/web:1")]
    [InlineData("127.0.0.1:5000", "web", "1", "127.0.0.1:5000/web:1")]
    [InlineData("r", "shop/web", "1", null)]
    [InlineData("r.io", "shop/web:2", "1", null)]
    [InlineData("r.io", "shop/web:2", null, null)]
    [InlineData("r.io/x", "web", "1", null)]
    [InlineData("r.io", "Shop", "1", null)]
    [InlineData("r.io", "web", "1\n2", null)]
    [InlineData("r.io", "web", "-", null)]
    [InlineData("", "web", "1", null)]
    [InlineData(null, "web", "1", null)]
    [InlineData("r.io", "", "1", null)]
    public void Its_parts_must_make_an_image(string? host, string? repository, string? tag, string? expected) =>
        Assert.Equal(expected, ImageHint.TryOf(host, repository, tag)?.ToString());
}
