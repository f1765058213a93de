using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Control;
using Omis.Agent.Control.Api;
using Omis.Agent.Core.Naming;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control.Api;

/// <summary>What the routes answer, held against the document that describes them.</summary>
public sealed class ApiRoutesTests : IDisposable
{
    private readonly RunningService service = new();

    public ApiRoutesTests()
    {
        service.Cli.Source.Runs("api", Cli.Old).Runs("web", Cli.Old);
        service.Cli.Registry.Has("api", Cli.Old).Has("web", Cli.New);
    }

    public void Dispose() => service.Dispose();

    [Fact]
    public async Task Every_route_is_described_and_every_description_is_a_route()
    {
        await service.StartAsync();
        var contract = await ContractAsync();
        var routes = new ApiRoutes(null!, null!, () => "", null!, TimeProvider.System, NullLogger<ApiRoutes>.Instance).All.AddRange(HealthRoutes.Of(() => null));

        Assert.Equal(contract.Routes.Order(StringComparer.Ordinal), routes.Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_the_routes_answer_is_what_is_described()
    {
        service.Cli.WithSick("web");
        await service.StartAsync();
        service.Cli.Registry.Has("api", Cli.New);
        var contract = await ContractAsync();
        foreach (var (method, path, body, status) in ((string, string, string?, int)[])
        [
            ("GET", "/livez", null, 200),
            ("GET", "/readyz", null, 200),
            ("GET", "/metrics", null, 200),
            ("GET", "/v1/openapi.json", null, 200),
            ("GET", "/v1/version", null, 200),
            ("GET", "/v1/status", null, 200),
            ("GET", "/v1/history", null, 200),
            ("GET", "/v1/plan", null, 200),
            ("POST", "/v1/check", "", 200),
            ("POST", "/v1/pause", """{"project":"shop","for":"2h","reason":"release","actor":"ada"}""", 200),
            ("POST", "/v1/update", "{}", 200),
            ("GET", "/v1/status", null, 200),
            ("POST", "/v1/resume", "", 200),
            ("POST", "/v1/update", """{"project":"shop","services":["api"]}""", 200),
            ("POST", "/v1/update", """{"project":"nobody"}""", 404),
            ("POST", "/v1/update", """{"services":["api"]}""", 400),
            ("POST", "/v1/update", """{"projekt":"shop"}""", 400),
            ("POST", "/v1/update", "[", 400),
            ("POST", "/v1/rollback", "{}", 400),
            ("POST", "/v1/rollback", """{"project":"nobody"}""", 404),
            ("POST", "/v1/pause", """{"for":"soon"}""", 400),
            ("POST", "/v1/resume", """{"project":7}""", 400),
            ("GET", "/v1/history", null, 200),
        ])
        {
            var answer = method == "GET" ? await service.GetAsync(path) : await service.PostAsync(path, body!);
            Assert.Equal((path, body, status), (path, body, answer.Status));
            contract.Allows(method, path, answer);
        }

        Assert.Equal(400, (await service.GetAsync("/v1/history?since=soon")).Status);
        contract.Allows("GET", "/v1/status", await service.AtPortAsync(HttpMethod.Get, "/v1/status", token: null));
    }

    [Fact]
    public async Task A_pass_says_with_a_header_what_the_command_line_exits_with()
    {
        await service.StartAsync();
        service.Cli.WithSick("api").Registry.Has("api", Cli.New);

        var answer = await service.PostAsync("/v1/update");

        Assert.Equal(("4", "reverted"), (answer.Headers.GetValues("Omis-Exit-Code").Single(), answer.Json.GetProperty("rollouts")[0].GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task Who_gives_no_name_goes_into_history_by_the_name_that_the_kernel_knows()
    {
        await service.StartAsync();
        service.Cli.Registry.Has("api", Cli.New);

        await service.PostAsync("/v1/update");

        var actor = (await service.GetAsync("/v1/history")).Json.GetProperty("entries")[0].GetProperty("actor").GetString();
        Assert.Equal(Environment.UserName, actor);
    }

    [Fact]
    public async Task An_engine_that_is_away_is_an_answer_and_no_fault()
    {
        await service.StartAsync();
        service.Cli.Source.Fault = new EnvironmentException(ReasonCode.EngineUnavailable, "no engine");

        var answer = await service.PostAsync("/v1/update");

        Assert.Equal((200, "3", "engineUnavailable"), (answer.Status, answer.Headers.GetValues("Omis-Exit-Code").Single(), answer.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(3, (await service.Cli.RunAsync("update")).Code);
        service.Cli.Source.Fault = new InvalidOperationException("the moon is in the way");
        Assert.Equal(500, (await service.PostAsync("/v1/update")).Status);
        Assert.Contains("the moon is in the way", await service.EndAsync(), StringComparison.Ordinal);
    }

    private async Task<ContractOfRoutes> ContractAsync()
    {
        var answer = await service.GetAsync("/v1/openapi.json");
        Assert.Equal("3.1.0", JsonDocument.Parse(answer.Text).RootElement.GetProperty("openapi").GetString());
        return new ContractOfRoutes(answer.Text);
    }
}
