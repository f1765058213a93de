using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Omis.Agent.Core.Naming;
using Omis.Agent.Journal;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Control;

/// <summary>The service as <c>run</c> starts it, with a port of its own, and a registry that tells of its pushes.</summary>
public sealed class WebhookServiceTests : IDisposable
{
    private const string Token = "t0ken-of-the-control-api";

    private readonly Cli cli = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });

    public WebhookServiceTests()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var listen = free.LocalEndpoint.ToString();
        cli.Config(""", "check": { "every": "6h" }""", $$""", "listen": "{{listen}}", "token": "{{Token}}" """);
        http.BaseAddress = new Uri($"http://{listen}");
        cli.Source.Runs("api", Cli.Old).Runs("web", Cli.Old);
        cli.Registry.Has("api", Cli.Old).Has("web", Cli.Old);
    }

    public void Dispose()
    {
        http.Dispose();
        cli.Dispose();
    }

    [Fact]
    public async Task A_push_is_looked_at_by_itself_and_rolled_out_and_the_schedule_stays()
    {
        var run = await StartAsync();
        var next = await NextAsync();
        cli.Registry.Asked.Clear();
        cli.Registry.Has("web", Cli.New).Has("api", Cli.New);

        await PushAsync("web");
        await AnsweredAsync(2);

        Assert.Equal(["127.0.0.1:5000/web:latest"], cli.Registry.Asked);
        Assert.Equal(["web webhook committed"], await HistoryAsync());
        Assert.Equal(next, await NextAsync());
        Assert.Contains("Told of 127.0.0.1:5000/web:latest: 1 service seen, 0 up to date, 1 with an update, 0 unknown", await EndAsync(run), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_pushes_in_a_row_are_one_look()
    {
        var run = await StartAsync();
        cli.Registry.Asked.Clear();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => PushAsync(number % 2 == 0 ? "web" : "api")));
        await AnsweredAsync(2);
        cli.Time.Advance(TimeSpan.FromMinutes(5));
        await StatusAsync("idle");

        Assert.Equal(2, cli.Source.Looks);
        Assert.Equal(["127.0.0.1:5000/api:latest", "127.0.0.1:5000/web:latest"], cli.Registry.Asked.Order(StringComparer.Ordinal));
        await EndAsync(run);
    }

    [Fact]
    public async Task What_is_pushed_while_a_rollout_runs_is_looked_at_after_it()
    {
        var (midway, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var run = await StartAsync();
        cli.Registry.Has("web", Cli.New);
        cli.Target.OnSwap = undo =>
        {
            if (undo.Workload.Service == "web")
            {
                midway.SetResult();
                Assert.True(go.Task.Wait(TimeSpan.FromSeconds(30)));
            }
        };
        await PushAsync("web");
        await TurnAsync(() => midway.Task.IsCompleted);

        cli.Registry.Has("api", Cli.New);
        await PushAsync("api");
        Assert.Equal(2, cli.Source.Looks);
        go.SetResult();
        await AnsweredAsync(3);

        Assert.Equal(["api webhook committed", "web webhook committed"], await HistoryAsync());
        await EndAsync(run);
    }

    [Fact]
    public async Task What_is_pushed_while_another_process_rolls_out_is_looked_at_soon_after_it()
    {
        var run = await StartAsync();
        cli.Registry.Has("web", Cli.New);
        using (new EngineLock(cli.StateDirectory).TryTake()!)
        {
            await PushAsync("web");
            await TurnAsync(() => cli.Time.GetUtcNow() > new DateTimeOffset(2026, 5, 1, 12, 1, 0, TimeSpan.Zero));
            Assert.Equal(1, cli.Source.Looks);
        }

        await AnsweredAsync(2);

        Assert.Equal(["web webhook committed"], await HistoryAsync());
        await EndAsync(run);
    }

    [Fact]
    public async Task A_push_of_what_does_not_run_here_and_a_replay_change_nothing()
    {
        var run = await StartAsync();
        cli.Registry.Asked.Clear();
        await PushAsync("other");
        await AnsweredAsync(2);
        Assert.Empty(cli.Registry.Asked);

        await PushAsync("web");
        await AnsweredAsync(3);

        Assert.Empty(await HistoryAsync());
        Assert.Empty(cli.Target.Transcript);
        await EndAsync(run);
    }

    [Fact]
    public async Task A_replay_of_a_bad_push_is_refused_and_told_once_and_takes_no_sibling_along()
    {
        cli.WithSick("web");
        var run = await StartAsync();
        cli.Registry.Has("web", Cli.New);
        await PushAsync("web");
        await AnsweredAsync(2);

        // The sibling was released together with what failed.
        cli.Registry.Has("api", Some.Digest(7));
        foreach (var looks in (int[])[3, 4, 5])
        {
            await PushAsync(looks == 3 ? "api" : "web");
            await AnsweredAsync(looks);
        }

        Assert.Equal(["web webhook refused", "api webhook refused", "web webhook reverted"], await HistoryAsync());
        var error = await EndAsync(run);
        Assert.Equal(2, error.Split("shop/web is not updated: quarantined").Length);
        Assert.Equal(2, error.Split("shop/api is not updated: quarantined").Length);
    }

    [Fact]
    public async Task Neither_the_log_nor_the_state_has_the_token()
    {
        var run = await StartAsync();
        await http.PostAsync(new Uri($"/webhooks/generic?token={Token}", UriKind.Relative), new StringContent("""{"image":"127.0.0.1:5000/web:latest"}"""));
        await AnsweredAsync(2);
        await http.PostAsync(new Uri($"/webhooks/generic?token={Token}x", UriKind.Relative), new StringContent("{"));

        var error = await EndAsync(run);

        Assert.Contains("was refused: it neither bears the token", error, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", error, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(cli.StateDirectory), file => Assert.DoesNotContain("t0ken", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_ready_once_it_has_looked_and_not_while_the_engine_is_away()
    {
        cli.Source.Fault = new EnvironmentException(ReasonCode.EngineUnavailable, "no engine");
        var run = cli.RunAsync("run");
        await TurnAsync(() => Ready() == HttpStatusCode.ServiceUnavailable && cli.Source.Looks > 0);

        cli.Source.Fault = null;
        await TurnAsync(() => Ready() == HttpStatusCode.OK);
        await EndAsync(run);
    }

    /// <summary>Up, with the first look behind it and the port open.</summary>
    private async Task<Task<Cli.Said>> StartAsync()
    {
        var run = cli.RunAsync("run");
        await TurnAsync(() => Ready() == HttpStatusCode.OK);
        await StatusAsync("idle");
        return run;
    }

    private async Task PushAsync(string service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/generic") { Content = new StringContent($$"""{"image":"127.0.0.1:5000/{{service}}:latest"}""") };
        request.Headers.Add("Authorization", "Bearer " + Token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private HttpStatusCode? Ready()
    {
        try
        {
            using var response = http.GetAsync(new Uri("/readyz", UriKind.Relative)).GetAwaiter().GetResult();
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task AnsweredAsync(int looks)
    {
        await TurnAsync(() => cli.Source.Looks >= looks);
        await StatusAsync("idle");
    }

    private Task StatusAsync(string service) => TurnAsync(() => Status().Contains($"\"service\":\"{service}\"", StringComparison.Ordinal));

    private string Status() => cli.RunAsync("status", "--json").GetAwaiter().GetResult().Out;

    private Task<DateTimeOffset> NextAsync() => Task.FromResult(JsonDocument.Parse(Status()).RootElement.GetProperty("nextCheckAt").GetDateTimeOffset());

    /// <summary>Newest first, as "service trigger outcome".</summary>
    private async Task<List<string>> HistoryAsync() =>
        [.. (await cli.RunAsync("history", "--json")).Json.GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("steps")[0].GetProperty("service")} {entry.GetProperty("trigger")} {entry.GetProperty("outcome")}")];

    private async Task<string> EndAsync(Task<Cli.Said> run)
    {
        cli.Stopping.Stop();
        return (await run.WaitAsync(TimeSpan.FromSeconds(30))).Error;
    }

    /// <summary>Turns the clock on, a second at a time, until it has come true; between two turns others get theirs.</summary>
    private async Task TurnAsync(Func<bool> isTrue)
    {
        for (var ends = Environment.TickCount64 + 30_000; !isTrue();)
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            cli.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
    }
}
