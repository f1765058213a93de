using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Credentials;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>A registry that fails backs off by itself and is reported once.</summary>
public sealed class StandingTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ListLogger<OciRegistry> _log = new();

    [Fact]
    public async Task A_registry_that_is_down_is_asked_less_and_less_often()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Status(503));
        using var registry = Patient();

        var asked = new List<int>();
        for (var second = 0; second < 200; second++)
        {
            await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
            asked.Add(server.Transcript.Length);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        // A question is one request and two retries. 10, 20, 40 and 80 s, each give or take a fifth, leave room for four or five.
        Assert.Equal(3, asked[7]);
        Assert.InRange(asked[^1] / 3, 4, 5);
    }

    [Fact]
    public async Task Whoever_asks_meanwhile_hears_what_failed_and_when_it_is_asked_again()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Status(502));
        using var registry = Patient();

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var failed = await FailedAsync(registry, App(server, "other"), ReasonCode.RegistryUnavailable);

        Assert.Contains("answered 502", failed.Detail, StringComparison.Ordinal);
        Assert.Matches("; it is asked again in [0-9]+s$", failed.Detail);
    }

    [Fact]
    public async Task A_registry_that_says_when_to_come_back_is_left_alone_until_then()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.InOrder(Unavailable("120"), Scripts.Found));
        using var registry = Patient();

        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        _clock.Advance(TimeSpan.FromSeconds(119));
        await FailedAsync(registry, App(server), ReasonCode.RegistryUnavailable);
        Assert.Single(server.Transcript);

        _clock.Advance(TimeSpan.FromSeconds(2));
        await FoundAsync(registry, App(server));
    }

    [Fact]
    public async Task It_is_reported_once_when_it_breaks_and_once_when_it_recovers()
    {
        var script = Scripts.Status(503);
        await using var server = await ScriptedServer.StartAsync(context => script(context));
        using var registry = Patient();

        for (var cycle = 0; cycle < 5; cycle++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(n => registry.LatestAsync(App(server, $"app{n}"), Ct)));
            _clock.Advance(TimeSpan.FromMinutes(20));
        }

        script = Scripts.Found;
        await FoundAsync(registry, App(server));
        await FoundAsync(registry, App(server));

        Assert.Equal(
            [$"Registry {server.Authority} does not answer", $"Registry {server.Authority} answers again, after 1h40m"],
            _log.Lines.Where(line => line.StartsWith("Registry ", StringComparison.Ordinal)).Select(line => line.Split(": ")[0]));
    }

    [Fact]
    public async Task Another_registry_is_asked_all_the_while()
    {
        await using var broken = await ScriptedServer.StartAsync(Scripts.Status(503));
        await using var fine = await ScriptedServer.StartAsync(Scripts.Found);
        using var registry = Patient();

        await FailedAsync(registry, App(broken), ReasonCode.RegistryUnavailable);
        await FoundAsync(registry, App(fine));
    }

    [Fact]
    public async Task A_repository_that_is_broken_by_itself_holds_up_no_other()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.ByPath(("/v2/bad", Scripts.Status(500)), ("/v2", Scripts.Found)));
        using var registry = Patient();

        await FailedAsync(registry, App(server, "bad/app"), ReasonCode.RegistryUnavailable);
        await FoundAsync(registry, App(server, "good/app"));
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Registry ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Docker_hubs_own_header_tells_when_its_limit_is_over()
    {
        var reset = _clock.GetUtcNow().AddMinutes(7);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Date = _clock.GetUtcNow().ToString("R");
            context.Response.Headers["X-RateLimit-Reset"] = $"{reset.ToUnixTimeSeconds()}";
            return Scripts.Status(429)(context);
        });
        using var registry = Patient();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RateLimited);
        Assert.EndsWith("asked again in 7m", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_pull_left_at_docker_hub_is_no_reason_to_stop_asking()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers["RateLimit-Remaining"] = "0;w=21600";
            return Scripts.Found(context);
        });
        using var registry = Patient();

        await FoundAsync(registry, App(server));
        await FoundAsync(registry, App(server));
    }

    /// <summary>Harbor: Basic to whoever comes with a token that has run out, Bearer to whoever comes with nothing.</summary>
    [Fact]
    public async Task A_registry_that_says_basic_to_an_old_token_gets_a_new_one_and_no_password()
    {
        var (issued, good, url) = (0, "", "");
        await using var server = await ScriptedServer.StartAsync(Scripts.ByPath(
            ("/token", context => Scripts.Json($"{{\"token\":\"{good = $"t{++issued}"}\"}}")(context)),
            ("/v2", context => context.Request.Headers.Authorization.ToString() switch
            {
                "" => Scripts.Challenge($"Bearer realm=\"{url}/token\",service=\"harbor-registry\"")(context),
                var sent when sent == $"Bearer {good}" => Scripts.Found(context),
                _ => Scripts.Challenge("Basic realm=\"harbor\"")(context),
            })));
        url = server.Url;
        using var registry = Registry(_clock, registries: (server.Authority, Login()));

        await FoundAsync(registry, App(server));
        good = "none";
        await FoundAsync(registry, App(server));

        Assert.Equal(2, issued);
        Assert.DoesNotContain(server.Transcript, received => received.Target.StartsWith("/v2", StringComparison.Ordinal) && received.Authorization?.StartsWith("Basic", StringComparison.Ordinal) == true);
    }

    private OciRegistry Patient() => new(
        ImmutableDictionary<string, RegistrySettings>.Empty,
        new SettingsCredentials(ImmutableDictionary<string, RegistrySettings>.Empty),
        _clock, _log, new RegistryPatience { RetryDelay = TimeSpan.Zero });

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Unavailable(string retryAfter) => context =>
    {
        context.Response.Headers.RetryAfter = retryAfter;
        return Scripts.Status(503)(context);
    };
}
