using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

public sealed class PatienceTests
{
    [Fact]
    public async Task A_registry_that_says_429_is_left_alone_until_the_time_it_names_is_over()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.InOrder(Scripts.TooMany("90"), Scripts.Found));
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock);

        var first = await FailedAsync(registry, App(server, "one"), ReasonCode.RateLimited);
        clock.Advance(TimeSpan.FromSeconds(30));
        var second = await FailedAsync(registry, App(server, "two"), ReasonCode.RateLimited);
        Assert.Single(server.Transcript);
        clock.Advance(TimeSpan.FromSeconds(60));
        await FoundAsync(registry, App(server, "two"));

        Assert.EndsWith("asked again in 1m30s", first.Detail, StringComparison.Ordinal);
        Assert.EndsWith("asked again in 1m", second.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "1m")]
    [InlineData("nonsense", "1m")]
    [InlineData("99999999", "24h")]
    public async Task A_429_without_a_sensible_time_still_pauses(string? retryAfter, string left)
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.TooMany(retryAfter));
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RateLimited);
        Assert.EndsWith($"asked again in {left}", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_is_reckoned_by_the_servers_own_clock()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Date = "Mon, 05 Jan 2026 10:00:00 GMT";
            return Scripts.TooMany("Mon, 05 Jan 2026 10:02:00 GMT")(context);
        });
        using var registry = Registry();

        var failed = await FailedAsync(registry, App(server), ReasonCode.RateLimited);
        Assert.EndsWith("asked again in 2m", failed.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_registry_is_asked_all_the_while()
    {
        await using var busy = await ScriptedServer.StartAsync(Scripts.TooMany("90"));
        await using var idle = await ScriptedServer.StartAsync(Scripts.Found);
        using var registry = Registry();

        await FailedAsync(registry, App(busy), ReasonCode.RateLimited);
        await FoundAsync(registry, App(idle));
    }

    [Fact]
    public async Task A_slow_registry_delays_no_other()
    {
        await using var slow = await ScriptedServer.StartAsync(Scripts.Stall);
        await using var quick = await ScriptedServer.StartAsync(Scripts.Found);
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock);

        var stalled = Enumerable.Range(0, 20).Select(n => registry.LatestAsync(App(slow, $"app{n}"), Ct)).ToArray();
        await SeenAsync(slow, 8);
        await FoundAsync(registry, App(quick));

        clock.Advance(TimeSpan.FromSeconds(15));
        await Task.WhenAll(stalled);
    }

    [Fact]
    public async Task A_registry_that_dawdles_holds_up_a_cycle_for_two_minutes_at_most()
    {
        var go = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            await go.Task;
            await Scripts.Found(context);
        });
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock, Patience with { Turns = 1, Timeout = TimeSpan.FromMinutes(5) });

        var first = FoundAsync(registry, App(server, "one"));
        await SeenAsync(server, 1);
        var second = FailedAsync(registry, App(server, "two"), ReasonCode.RegistryUnavailable);
        clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal($"{server.Authority} answers so slowly that this question was not put to it within 2m", (await second).Detail);
        go.SetResult();
        await first;
        await FoundAsync(registry, App(server, "two"));
    }

    [Fact]
    public async Task At_most_eight_questions_are_under_way_at_one_registry()
    {
        var underWay = new ConcurrentDictionary<string, bool>();
        var most = new ConcurrentBag<int>();
        var go = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            underWay[context.TraceIdentifier] = true;
            most.Add(underWay.Count);
            await go.Task;
            underWay.TryRemove(context.TraceIdentifier, out _);
            await Scripts.Found(context);
        });
        using var registry = Registry();

        var asked = Enumerable.Range(0, 50).Select(n => FoundAsync(registry, App(server, $"app{n}"))).ToArray();
        await SeenAsync(server, 8);
        go.SetResult();
        await Task.WhenAll(asked);

        Assert.InRange(most.Max(), 2, 8);
        Assert.Equal(50, server.Transcript.Length);
    }

    [Fact]
    public async Task Whoever_waited_while_the_registry_was_found_dead_does_not_wait_again()
    {
        await using var server = await ScriptedServer.StartAsync(Scripts.Stall);
        var clock = new FakeTimeProvider();
        using var registry = Registry(clock, Patience with { Turns = 1 });

        var first = FailedAsync(registry, App(server, "one"), ReasonCode.RegistryUnavailable);
        var second = FailedAsync(registry, App(server, "two"), ReasonCode.RegistryUnavailable);
        await SeenAsync(server, 1);
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal((await first).Detail, (await second).Detail);
        Assert.Single(server.Transcript);
    }
}
