using System.Globalization;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>How long a service's users are without an answer while it is updated.</summary>
internal static class Downtime
{
    private const double Allowed = 1.3;

    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options) =>
        await RaceAsync(engine, options.Rounds, "web") & await RaceAsync(engine, options.Rounds, "csvtomdb", "backend", "frontend");

    private static async Task<bool> RaceAsync(LabEngine engine, int rounds, params string[] services)
    {
        Report.Section($"downtime of {string.Join(" <- ", services)}: longest gap between good answers, asked every 5 ms");
        await using var floor = new FloorRacer(await Fleet.UpAsync(engine, services));
        await using var agent = new AgentRacer(await Fleet.UpAsync(engine, services));
        await using var compose = new ComposeRacer(await Fleet.UpAsync(engine, services));
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var racer in (Racer[])[floor, agent, compose])
            {
                await racer.RoundAsync(round.ToString(CultureInfo.InvariantCulture));
            }
        }

        var met = services.Select(service => Show(service, floor, agent, compose)).ToList();
        return (services.Length == 1 || Report.Target(agent.Overlap == 0, $"no two services down at once with the agent ({agent.Overlap:0} ms)"))
            & met.TrueForAll(each => each);
    }

    private static bool Show(string service, Racer floor, Racer agent, Racer compose)
    {
        var least = floor.Outages(service);
        foreach (var racer in new[] { floor, agent, compose })
        {
            Report.Timing($"{service}: {racer.Name}", racer.Outages(service), least);
        }

        var ratio = Report.Median(agent.Outages(service)) / Report.Median(least);
        return Report.Target(ratio <= Allowed, $"agent {ratio:0.00} x floor, allowed {Allowed:0.0}");
    }
}
