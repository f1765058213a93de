using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Tests.Control;

/// <summary>Who may ring, and who may not.</summary>
public sealed class AdmissionTests
{
    private const string Body = """{"image":"r.io/web:1"}""";

    [Theory]
    [InlineData("Authorization", "Bearer " + Switchboard.Secret)]
    [InlineData("Authorization", "bearer " + Switchboard.Secret)]
    [InlineData("Authorization", "Bearer " + Switchboard.Token)]
    public async Task Who_bears_the_secret_or_the_token_may_ring(string header, string value)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(HttpMethod.Post, "/webhooks/generic", new StringContent(Body), (header, value));

        Assert.Equal((StatusCodes.Status202Accepted, """{"images":["r.io/web:1"]}"""), (said.Status, said.Text));
        Assert.Equal("r.io/web:1", board.Rung);
    }

    [Theory]
    [InlineData("X-Hub-Signature-256")]
    [InlineData("X-Omis-Signature-256")]
    public async Task Who_signs_with_the_secret_may_ring(string header)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(HttpMethod.Post, "/webhooks/ghcr", new StringContent(Payloads.Package), (header, Switchboard.Sign(Payloads.Package, Switchboard.Secret)));

        Assert.Equal(StatusCodes.Status202Accepted, said.Status);
        Assert.Equal("ghcr.io/codertocat/hello_docker:Latest", board.Rung);
    }

    [Theory]
    [InlineData("token", Switchboard.Secret, 202)]
    [InlineData("access_token", Switchboard.Secret, 202)]
    [InlineData("token", Switchboard.Token, 401)]
    [InlineData("token", "", 401)]
    [InlineData("secret", Switchboard.Secret, 401)]
    public async Task The_secret_and_not_the_token_may_stand_in_the_address(string name, string value, int status)
    {
        await using var board = await Switchboard.OpenAsync();

        Assert.Equal(status, (await board.PostAsync($"/webhooks/dockerhub?{name}={value}", Payloads.DockerHub, bearer: null)).Status);
    }

    [Fact]
    public async Task Without_a_secret_of_their_own_webhooks_take_the_token()
    {
        await using var board = await Switchboard.OpenAsync(secret: null);

        Assert.Equal(202, (await board.PostAsync("/webhooks/generic", Body, Switchboard.Token)).Status);
        Assert.Equal(202, (await board.PostAsync($"/webhooks/generic?token={Switchboard.Token}", Body, bearer: null)).Status);
        Assert.Equal(202, (await board.SendAsync(HttpMethod.Post, "/webhooks/generic", new StringContent(Body), ("X-Hub-Signature-256", Switchboard.Sign(Body, Switchboard.Token)))).Status);
        Assert.Equal(401, (await board.PostAsync("/webhooks/generic", Body, Switchboard.Secret)).Status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer " + Switchboard.Secret + "x")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", Switchboard.Secret)]
    [InlineData("Authorization", "Basic " + Switchboard.Secret)]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Hub-Signature-256", "sha256=zz")]
    [InlineData("X-Hub-Signature-256", "sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("X-Hub-Signature-256", "sha256=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("X-Hub-Signature", "sha1=0000000000000000000000000000000000000000")]
    [InlineData("X-Nothing", "x")]
    public async Task Everybody_else_is_refused_and_nothing_is_rung(string header, string value)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(HttpMethod.Post, "/webhooks/generic", new StringContent(Body), (header, value));

        Assert.Equal(StatusCodes.Status401Unauthorized, said.Status);
        Assert.StartsWith("""{"title":"Unauthorized","status":401,"code":"unauthorized","detail":"expected """, said.Text, StringComparison.Ordinal);
        Assert.Equal("Bearer", said.Headers.WwwAuthenticate.ToString());
        Assert.Equal("", board.Rung);
    }

    [Fact]
    public async Task A_signature_holds_for_its_own_body_only()
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(HttpMethod.Post, "/webhooks/generic", new StringContent(Body + " "), ("X-Hub-Signature-256", Switchboard.Sign(Body, Switchboard.Secret)));

        Assert.Equal((StatusCodes.Status401Unauthorized, ""), (said.Status, board.Rung));
    }

    [Fact]
    public async Task A_refusal_is_logged_with_the_address_and_without_what_was_shown()
    {
        await using var board = await Switchboard.OpenAsync();

        await board.PostAsync("/webhooks/generic?token=gu3ss-in-the-address", Body, "gu3ss-in-the-header");

        var line = Assert.Single(board.Log.Lines);
        Assert.StartsWith("Warning: A request from 127.0.0.1 was refused", line, StringComparison.Ordinal);
        Assert.DoesNotContain("gu3ss", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_fails_again_and_again_is_put_off_and_logged_no_more_and_others_are_not()
    {
        await using var board = await Switchboard.OpenAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            statuses.Add((await board.PostAsync("/webhooks/generic", Body, "wrong")).Status);
        }

        Assert.Equal([(401, 20), (429, 20)], statuses.CountBy(status => status).Select(pair => (pair.Key, pair.Value)));
        Assert.Equal(20, board.Log.Lines.Count);
        Assert.Equal(429, (await board.SendAsync(HttpMethod.Post, "/webhooks/generic", new StringContent(Body), ("X-Hub-Signature-256", Switchboard.Sign(Body, "wrong")))).Status);

        Assert.Equal(202, (await board.PostAsync("/webhooks/generic", Body)).Status);
        board.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(401, (await board.PostAsync("/webhooks/generic", Body, "wrong")).Status);
        Assert.Equal(429, (await board.PostAsync("/webhooks/generic", Body, "wrong")).Status);
    }

    [Fact]
    public async Task More_deliveries_than_any_registry_sends_are_put_off()
    {
        await using var board = await Switchboard.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(202, (await board.PostAsync("/webhooks/generic", Body)).Status);
        }

        var said = await board.PostAsync("/webhooks/generic", Body);
        Assert.Equal((StatusCodes.Status429TooManyRequests, TimeSpan.FromSeconds(1)), (said.Status, said.Headers.RetryAfter!.Delta));

        board.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(202, (await board.PostAsync("/webhooks/generic", Body)).Status);
    }
}
