namespace Omis.Agent.Tests.Control;

public sealed class RoutesTests
{
    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/v1/status", 404)]
    [InlineData("POST", "/webhooks/quay", 404)]
    [InlineData("POST", "/webhooks/acr/", 404)]
    [InlineData("POST", "/WEBHOOKS/ACR", 404)]
    [InlineData("GET", "/webhooks/acr", 405)]
    [InlineData("POST", "/livez", 405)]
    [InlineData("GET", "/livez", 200)]
    [InlineData("GET", "/readyz", 200)]
    public async Task There_is_nothing_but_what_there_is(string method, string path, int status)
    {
        await using var board = await Switchboard.OpenAsync();

        var said = await board.SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, said.Status);
        Assert.False(said.Headers.Contains("Server"));
        Assert.Equal(status == 405, said.ContentHeaders.Allow.Count > 0);
    }

    [Fact]
    public async Task A_service_that_is_not_ready_says_why_and_lives_all_the_same()
    {
        await using var board = await Switchboard.OpenAsync(problem: () => "no engine");

        Assert.Equal((503, "no engine\n"), Brief(await board.SendAsync(HttpMethod.Get, "/readyz")));
        Assert.Equal((200, "ok\n"), Brief(await board.SendAsync(HttpMethod.Get, "/livez")));
    }

    private static (int, string) Brief(Switchboard.Said said) => (said.Status, said.Text);
}
