using System.Net;
using System.Net.Sockets;

namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>Someone else listens on the published port from the moment that the old container lets go of it.</summary>
public sealed class PortTakenTests
{
    [Theory, EachLeg]
    public async Task A_port_that_comes_free_again_lets_the_old_container_return(string leg)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted { Services = ["api", "web"] });
        using var other = Takes(update, "web");
        var agent = update.Begin();
        await agent.SaysAsync("is tried again");
        other.Dispose();
        var cycle = (await agent.EndAsync()).Exits(4).Ended("reverted startFailed");
        await update.NothingLostAsync(cycle);
        await update.TakesTheUpdateAsync();
    }

    [Fact]
    public async Task A_port_that_stays_taken_is_stuck_until_it_is_free()
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engines[0], new Wanted { Services = ["api", "web"], Config = """{ "defaults": { "revertBudget": "10s" } }""" });
        using var other = Takes(update, "web");
        (await update.CycleAsync()).Exits(5).Ended("stuck startFailed");
        await update.Stack.AnswersAsync("api", "api 1");
        Assert.Equal(["stuck startFailed"], await update.HistoryAsync());
        var again = (await update.CycleAsync()).Exits(5).Ended("stuck startFailed");
        Assert.Equal("interrupted", again.Skipped("web"));

        other.Dispose();
        (await update.CycleAsync()).Exits(4).Ended("reverted startFailed", "committed");
        Assert.Equal(["committed", "reverted startFailed", "stuck startFailed"], await update.HistoryAsync());
        await update.RunsEverywhereAsync("2");
        await update.NothingIsQuarantinedAsync();
    }

    private static Squatter Takes(PendingUpdate update, string service)
    {
        var squatter = new Squatter(update.Stack.Port(service));
        update.Engine.Before("POST", "/containers/*/start", async call =>
        {
            if (await update.Stack.Engine.InspectAsync(call.Path.Split('/')[2]) is var starting && starting.Service == service)
            {
                await squatter.SitAsync();
            }

            return Verdict.Pass;
        });
        return squatter;
    }

    /// <summary>Listens once it is told to, until it is disposed of; after that it does not come back.</summary>
    private sealed class Squatter(int port) : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, port);
        private volatile bool gone;
        private bool sits;

        public Task SitAsync() => gone || sits ? Task.CompletedTask : Eventually.BeAsync($"port {port} is taken", TrySit);

        public void Dispose()
        {
            gone = true;
            listener.Dispose();
        }

        private bool TrySit()
        {
            try
            {
                listener.Start();
                return sits = true;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }
}
