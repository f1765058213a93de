using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>Three services are up, three new images come, the agent does two cycles; what was seen on the way. Told once on each leg, for all tests.</summary>
public sealed class HealthyUpdate : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Story>>> told = new();

    public sealed record Story(ComposeStack Stack, AgentHome Agent) : IAsyncDisposable
    {
        public required IReadOnlyList<ContainerFacts> Old { get; init; }

        public required string Before { get; init; }

        public required string After { get; init; }

        public required ImmutableDictionary<string, PushedImage> Pushed { get; init; }

        public required AgentResult First { get; init; }

        public required AgentResult Second { get; init; }

        /// <summary>What the registry was asked during the second cycle.</summary>
        public required IReadOnlyList<RegistryRequest> AskedAgain { get; init; }

        /// <summary>What the engine was told to change during the second cycle.</summary>
        public required IReadOnlyList<EngineCall> TouchedAgain { get; init; }

        public async ValueTask DisposeAsync()
        {
            await Agent.DisposeAsync();
            await Stack.DisposeAsync();
        }
    }

    public Task<Story> OnAsync(string leg)
    {
        var engine = Lab.Current.Engine(leg);
        return told.GetOrAdd(leg, _ => new Lazy<Task<Story>>(() => TellAsync(engine))).Value;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var story in told.Values.Where(story => story.Value.IsCompletedSuccessfully))
        {
            await (await story.Value).DisposeAsync();
        }
    }

    private static async Task<Story> TellAsync(LabEngine engine)
    {
        var stack = await ThreeServices.UpAsync(engine);
        var agent = stack.Agent(Rules.Quick);
        var (old, before) = (await stack.PsAsync(), await Portrait.OfAsync(stack));

        var pushed = ImmutableDictionary.CreateBuilder<string, PushedImage>();
        foreach (var name in ThreeServices.Names)
        {
            pushed[name] = await stack.PushAsync(name, TestImage.Healthy(name, "2"));
        }

        var first = await agent.CycleAsync();
        var after = await Portrait.OfAsync(stack);
        var asked = (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix)).Length;
        var calls = agent.Proxy.Calls.Length;
        var second = await agent.CycleAsync();
        return new Story(stack, agent)
        {
            Old = old,
            Before = before,
            After = after,
            Pushed = pushed.ToImmutable(),
            First = first,
            Second = second,
            AskedAgain = (await Lab.Current.Registry.Log.UnderAsync(stack.Prefix))[asked..],
            TouchedAgain = [.. agent.Proxy.Calls[calls..].Where(call => call.IsTouch)],
        };
    }
}
