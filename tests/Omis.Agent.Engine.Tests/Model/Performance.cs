using System.Collections.Immutable;
using Omis.Agent.Engine.Tests.Faults;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>Lets a script happen to a machine of its own and sees whether the promise is kept.</summary>
internal static class Performance
{
    /// <returns>What went wrong, with all that happened before, or null.</returns>
    public static async Task<string?> OfAsync(Script script)
    {
        var happened = new List<string>();
        AgentResult? last = null;
        try
        {
            await using var machine = await Machine.StartAsync(script);
            var watcher = new Watcher(machine);
            ImmutableArray<World> worlds = [Begin()];
            foreach (var act in script.Acts.Where(act => script.OwnsEngine || act is not (Act.EngineDeath or Act.EngineRestart)))
            {
                if (!worlds.All(world => Promise.Applies(world, act)))
                {
                    happened.Add($"{act} left out");
                    continue;
                }

                happened.Add($"{act}");
                last = await DoAsync(machine, act, worlds, happened);
                worlds = [.. worlds.SelectMany(world => Promise.After(world, act)).DistinctBy(world => world.ToString())];
                if (act is Act.Cycle or Act.ClockJump or Act.EngineDeath or Act.Rollback)
                {
                    worlds = await watcher.NarrowAsync(worlds);
                    Tells(last!);
                    happened[^1] += $" -> {string.Join("\n      or ", worlds)}";
                }
            }

            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is told with the seed.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            return $"{script}\n  {string.Join("\n  ", happened)}\n{fault.GetType().Name}: {fault.Message}\n{fault.StackTrace}\nthe agent's last words: {last}";
        }
    }

    private static World Begin() => new()
    {
        Parts = Script.Services.Select((service, at) => (service, at)).ToImmutableSortedDictionary(one => one.service, one => new Part(Stand.Up, one.at + 1, one.at + 1, one.at + 1)),
        Releases = [.. Script.Services.Select((service, at) => new Release(at + 1, service, Kind.Good))],
    };

    private static async Task<AgentResult?> DoAsync(Machine machine, Act act, ImmutableArray<World> worlds, List<string> happened)
    {
        switch (act)
        {
            case Act.Push or Act.PushBack:
                await PushAsync(machine, act, worlds[0]);
                return null;
            case Act.EngineRestart:
                await machine.RestartEngineAsync();
                return null;
            case var _ when Promise.IsByPerson(act):
                await ByPersonAsync(machine, act, worlds, happened);
                return null;
            default:
                return await machine.AgentAsync(act, worlds[0]);
        }
    }

    /// <summary>All worlds have the same registry.</summary>
    private static async Task PushAsync(Machine machine, Act act, World before)
    {
        var after = Promise.After(before, act).First();
        foreach (var release in act is Act.PushBack back ? after.Releases.Where(release => release.Version == after.Parts[back.Service].Latest) : after.Releases.Skip(before.Releases.Length))
        {
            await machine.PushAsync(release);
        }
    }

    private static async Task ByPersonAsync(Machine machine, Act act, ImmutableArray<World> worlds, List<string> happened)
    {
        try
        {
            await machine.ByPersonAsync(act);
        }
        catch (InvalidOperationException refused) when (worlds.Any(world => world.Open is not null))
        {
            // In the middle of a rollout compose may find a name or a port taken; a person would try again later.
            happened[^1] += $" ({refused.Message.Trim().Split('\n')[^1]})";
        }
    }

    /// <summary>The exit code says what the document says.</summary>
    private static void Tells(AgentResult cycle)
    {
        Assert.True(cycle.ExitCode is 0 or 2 or 3 or 4, $"exit {cycle.ExitCode}");
        var outcomes = cycle.ExitCode == 2 ? [] : cycle.Rollouts.Select(Told.Outcome).ToArray();
        Assert.True(outcomes.Contains("reverted") == (cycle.ExitCode == 4), $"exit {cycle.ExitCode} with {string.Join(", ", outcomes)}");
    }
}
