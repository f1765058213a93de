using System.Text;
using Omis.Agent.Control.Webhooks;

namespace Omis.Agent.Tests.Control;

/// <summary>What each registry's payload is taken to say: the images it names, or "-" and why it names none, or "!" and what is wrong.</summary>
public sealed class DialectTests
{
    public static TheoryData<string, string, string> Documented => new()
    {
        { "acr", Payloads.AcrPush, "myregistry.azurecr.io/hello-world:v1" },
        { "acr", Payloads.AcrPing, "- not a push" },
        { "acr", Payloads.AcrDelete, "- not a push" },
        { "acr", Payloads.CloudEvent, "demo.azurecr.io/aci-helloworld:v1" },
        { "acr", Payloads.EventGrid, "demo.azurecr.io/aci-helloworld:v1" },
        { "acr", Payloads.CloudEvent.Trim('[', ']'), "demo.azurecr.io/aci-helloworld:v1" },
        { "acr", Payloads.CloudEvent.Replace("ImagePushed", "ChartDeleted", StringComparison.Ordinal), "- not a push" },
        { "acr", Payloads.Validation, "= 512d38b6-c7b8-40c8-89fe-f46f9e9622b6" },
        { "dockerhub", Payloads.DockerHub, "docker.io/svendowideit/testhook:latest" },
        { "ghcr", Payloads.RegistryPackage, "ghcr.io/codertocat/hello_docker:Latest" },
        { "ghcr", Payloads.Package, "ghcr.io/codertocat/hello_docker:Latest" },
        { "ghcr", Payloads.GitHubPing, "- not a package" },
        { "harbor", Payloads.Harbor, "harbor.example.com/test-webhook/debian:stable harbor.example.com/test-webhook/debian" },
        { "harbor", Payloads.HarborCloudEvent, "harbor.example.com/test-webhook/debian:stable" },
        { "harbor", Payloads.Harbor.Replace("PUSH_ARTIFACT", "PULL_ARTIFACT", StringComparison.Ordinal), "- not a push" },
        { "generic", Payloads.Distribution, "registrycluster.local/library/test:7" },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public void What_a_vendor_documents_is_understood(string dialect, string payload, string expected) => Assert.Equal(expected, Hear(dialect, payload));

    [Theory]
    [InlineData("""{ "image": "r.io/web:1" }""", "r.io/web:1")]
    [InlineData("""{ "image": "r.io/web" }""", "r.io/web")]
    [InlineData("""{ "image": "nginx:1" }""", "docker.io/library/nginx:1")]
    [InlineData("""{ "images": ["r.io/web:1", "r.io/api:1", "r.io/web:1"] }""", "r.io/web:1 r.io/api:1")]
    [InlineData("""{ "images": [] }""", "! expected {\"image\":")]
    [InlineData("""{ "images": ["r.io/web:1", 7] }""", "! expected {\"image\":")]
    [InlineData("""{ "image": "http://r.io/web" }""", "! expected {\"image\":")]
    [InlineData("""{ "events": [] }""", "- not a push of an image")]
    [InlineData("{}", "! expected {\"image\":")]
    public void Scripts_name_images_as_compose_files_do(string payload, string expected) => Assert.StartsWith(expected, Hear("generic", payload), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"ghcr.io/codertocat/hello_docker:Latest\"\n", "\"ghcr.io/codertocat/hello_docker\"\n", "ghcr.io/codertocat/hello_docker:Latest")]
    [InlineData("\"ghcr.io/codertocat/hello_docker:Latest\"\n", "\"ghcr.io/codertocat/hello_docker:\"\n", "ghcr.io/codertocat/hello_docker:Latest")]
    [InlineData("\"ghcr.io/codertocat/hello_docker:Latest\"\n", "null\n", "ghcr.io/codertocat/hello_docker:Latest")]
    [InlineData("\"ghcr.io/codertocat/hello_docker:Latest\"\n", "\"containers.ghe.example.com/CoderToCat/app:1\"\n", "containers.ghe.example.com/codertocat/app:1")]
    [InlineData("\"package_type\": \"CONTAINER\"", "\"package_type\": \"NPM\"", "- not a container")]
    public void GitHub_says_where_a_package_is_in_more_ways_than_one(string documented, string instead, string expected)
    {
        Assert.Contains(documented, Payloads.Package, StringComparison.Ordinal);
        Assert.Equal(expected, Hear("ghcr", Payloads.Package.Replace(documented, instead, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_image_that_GitHub_published_without_a_tag_means_its_repository() =>
        Assert.Equal("ghcr.io/codertocat/hello_docker", Hear("ghcr", Payloads.Package.Replace("\"Latest\"", "\"\"", StringComparison.Ordinal).Replace("docker:Latest", "docker:", StringComparison.Ordinal)));

    [Theory]
    [InlineData("acr")]
    [InlineData("dockerhub")]
    [InlineData("ghcr")]
    [InlineData("harbor")]
    [InlineData("generic")]
    public void What_is_no_such_payload_is_refused_with_what_would_be_right(string dialect)
    {
        foreach (var payload in (string[])["", "{", "null", "7", "\"text\"", "[]", "[[]]", "[{}]", "{}", "payload=%7B%7D", new string('[', 100_000), "{\"a\":\"\\ud800\"}"])
        {
            Assert.StartsWith("! expected ", Hear(dialect, payload), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_payload_names_so_many_images_and_no_more()
    {
        Assert.Equal(500, Hear("generic", Many(500)).Split(' ').Length);
        Assert.Equal("! more than 500 images at once", Hear("generic", Many(501)));
    }

    internal static string Hear(string dialect, string payload) => WebhookRoutes.Dialects.Single(one => one.Name == dialect).Hear(Encoding.UTF8.GetBytes(payload)) switch
    {
        Heard.Pushed pushed => string.Join(' ', pushed.Images),
        Heard.Nothing nothing => "- " + nothing.Why,
        Heard.Handshake handshake => "= " + handshake.Code,
        Heard.Garbled garbled => "! " + garbled.Why,
        _ => throw new InvalidOperationException("none of the known answers"),
    };

    private static string Many(int count) => "{\"images\":[" + string.Join(',', Enumerable.Range(0, count).Select(number => $"\"r.io/n{number}\"")) + "]}";
}
