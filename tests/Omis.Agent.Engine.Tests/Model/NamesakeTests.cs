using System.Text.Json.Nodes;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Model;

public sealed class NamesakeTests
{
    [Fact]
    public async Task A_container_that_only_has_the_name_of_a_parked_one_is_left_alone_and_so_is_the_service_beside_it()
    {
        await using var update = await PendingUpdate.StartAsync(Rollouts.OneLeg.Mine());
        (await update.CycleAsync()).Exits(0).Ended("committed");
        var name = $"{update.Stack.Prefix}-web-1.omis-parked";
        var id = await update.Stack.Engine.CreateAsync(name, new JsonObject { ["Image"] = update.Stack.Image("web") });
        await update.Stack.Engine.StartAsync(id);

        (await update.CycleAsync()).Exits(0).Ended();
        var namesake = await update.Stack.Engine.InspectAsync(id);
        Assert.Equal((name, true), (namesake.Name, namesake.IsRunning));
        await update.RunsEverywhereAsync("2");
    }
}
