using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>The same at the port, for those who bear the token.</summary>
public sealed class PortTests : IDisposable
{
    private static readonly string[] Guarded = ["/v1/status", "/v1/history", "/v1/plan", "/v1/events", "/v1/openapi.json", "/metrics"];

    private readonly RunningService service = new();

    public PortTests()
    {
        service.Cli.Source.Runs("web", Cli.Old);
        service.Cli.Registry.Has("web", Cli.Old);
    }

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task Nothing_but_health_is_told_to_who_bears_no_token()
    {
        await service.StartAsync();
        foreach (var token in (string?[])[null, "", "wrong", RunningService.Token + "x"])
        {
            var answer = await service.AtPortAsync(HttpMethod.Post, "/v1/update", token);
            Assert.Equal((401, "unauthorized", "application/problem+json"), (answer.Status, answer.Code, answer.Type));
        }

        foreach (var path in Guarded)
        {
            Assert.Equal(401, (await service.AtPortAsync(HttpMethod.Get, path, token: null)).Status);
        }

        Assert.Equal(401, (await service.AtPortAsync(HttpMethod.Get, $"/v1/status?token={RunningService.Token}", token: null)).Status);
        Assert.Equal(200, (await service.AtPortAsync(HttpMethod.Get, "/readyz", token: null)).Status);
        Assert.Equal(200, (await service.AtPortAsync(HttpMethod.Get, "/v1/status")).Status);
        Assert.Equal(200, (await service.AtPortAsync(HttpMethod.Post, "/v1/update")).Status);
    }

    [Fact]
    public async Task Floods_are_put_off_and_others_are_not()
    {
        await service.StartAsync();
        var guesses = new List<int>();
        for (var i = 0; i < 40; i++)
        {
            guesses.Add((await service.AtPortAsync(HttpMethod.Get, "/v1/status", $"guess-{i}")).Status);
        }

        Assert.Equal([401, 429], guesses.Distinct());
        var statuses = new List<int>();
        for (var i = 0; i < 310; i++)
        {
            statuses.Add((await service.AtPortAsync(HttpMethod.Get, "/v1/openapi.json")).Status);
        }

        Assert.Equal([200, 429], statuses.Distinct());
        var late = await service.AtPortAsync(HttpMethod.Get, "/v1/status");
        Assert.True(late.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Equal(200, (await service.GetAsync("/v1/status")).Status);
        Assert.DoesNotContain("guess-", await service.EndAsync(), StringComparison.Ordinal);
    }
}
