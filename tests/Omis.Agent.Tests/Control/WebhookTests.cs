namespace Omis.Agent.Tests.Control;

public sealed class WebhookTests
{
    [Theory]
    [InlineData("acr", Payloads.AcrPush, "myregistry.azurecr.io/hello-world:v1")]
    [InlineData("dockerhub", Payloads.DockerHub, "docker.io/svendowideit/testhook:latest")]
    [InlineData("ghcr", Payloads.RegistryPackage, "ghcr.io/codertocat/hello_docker:Latest")]
    [InlineData("harbor", Payloads.HarborCloudEvent, "harbor.example.com/test-webhook/debian:stable")]
    [InlineData("generic", Payloads.Distribution, "registrycluster.local/library/test:7")]
    public async Task Each_registry_has_its_own_address_and_rings_for_what_it_names(string dialect, string payload, string image)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.PostAsync($"/webhooks/{dialect}", payload);

        Assert.Equal((202, $$"""{"images":["{{image}}"]}"""), (said.Status, said.Text));
        Assert.Equal("application/json", said.ContentHeaders.ContentType!.ToString());
        Assert.Equal(image, board.Rung);
    }

    [Fact]
    public async Task A_ping_is_answered_and_rings_for_nothing()
    {
        await using var board = await Switchboard.OpenAsync();

        Assert.Equal((202, """{"images":[],"ignored":"not a push"}"""), Brief(await board.PostAsync("/webhooks/acr", Payloads.AcrPing)));
        Assert.Equal((202, """{"images":[],"ignored":"not a package"}"""), Brief(await board.PostAsync("/webhooks/ghcr", Payloads.GitHubPing)));
        Assert.Equal("", board.Rung);
    }

    [Fact]
    public async Task Replays_ring_for_the_same_image_once()
    {
        await using var board = await Switchboard.OpenAsync();
        foreach (var _ in Enumerable.Range(0, 100))
        {
            Assert.Equal(202, (await board.PostAsync("/webhooks/acr", Payloads.AcrPush)).Status);
        }

        Assert.Equal("myregistry.azurecr.io/hello-world:v1", board.Rung);
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused_with_what_would_be_right()
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.PostAsync("/webhooks/acr", """{"image":"r.io/web:1"}""");

        Assert.Equal((400, """{"title":"Bad Request","status":400,"code":"badRequest","detail":"expected a push with request.host, target.repository and target.tag"}"""), Brief(said));
        Assert.Equal("", board.Rung);
    }

    [Fact]
    public async Task Event_Grid_gets_its_code_back_where_its_address_bears_the_secret()
    {
        await using var board = await Switchboard.OpenAsync();

        Assert.Equal((200, """{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}"""), Brief(await board.PostAsync($"/webhooks/acr?token={Switchboard.Secret}", Payloads.Validation, bearer: null)));
        Assert.Equal(401, (await board.PostAsync("/webhooks/acr", Payloads.Validation, bearer: null)).Status);
    }

    [Theory]
    [InlineData("eventgrid.azure.net", "eventgrid.azure.net")]
    [InlineData("*", "*")]
    [InlineData("a b", null)]
    [InlineData("<script>", null)]
    [InlineData(null, null)]
    public async Task A_sender_of_CloudEvents_is_told_that_it_may_send(string? origin, string? allowed)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(HttpMethod.Options, "/webhooks/acr", null, origin is null ? [] : [("WebHook-Request-Origin", origin), ("WebHook-Request-Rate", "120")]);

        Assert.Equal((200, "", "POST, OPTIONS"), (said.Status, said.Text, string.Join(", ", said.ContentHeaders.Allow)));
        Assert.Equal(allowed, said.Headers.TryGetValues("WebHook-Allowed-Origin", out var origins) ? origins.Single() : null);
        Assert.Equal(allowed is not null, said.Headers.Contains("WebHook-Allowed-Rate"));
    }

    private static (int, string) Brief(Switchboard.Said said) => (said.Status, said.Text);
}
