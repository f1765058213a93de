using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>
/// A compose stack whose services depend on each other in their order and answer on published ports, and the people
/// who use them: as many pingers as services, on one clock.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    private Fleet(LabEngine engine, string[] services) => (Stack, Services) = (new ComposeStack(engine), services);

    public ComposeStack Stack { get; }

    public IReadOnlyList<string> Services { get; }

    /// <summary>Up, with every service answering as version 0.</summary>
    public static async Task<Fleet> UpAsync(LabEngine engine, string[] services)
    {
        var fleet = new Fleet(engine, services);
        try
        {
            await fleet.PushAsync("0");
            fleet.Stack.Write("services:\n" + string.Concat(services.Select(fleet.Yaml)));
            await fleet.Stack.UpAsync();
            await Task.WhenAll(services.Select(service => fleet.Stack.AnswersAsync(service, service + " 0")));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async Task PushAsync(string version)
    {
        foreach (var service in Services)
        {
            await Stack.PushAsync(service, TestImage.Good(service, version));
        }
    }

    public Task<Watching> WatchAsync() => Watching.StartAsync(Stack, Services);

    public ValueTask DisposeAsync() => Stack.DisposeAsync();

    private string Yaml(string service, int place) => $"""
          {service}:
            image: {Stack.Image(service)}
            restart: unless-stopped
            ports: ["127.0.0.1:{Stack.Port(service)}:8080"]
            depends_on: [{(place > 0 ? Services[place - 1] : "")}]

        """;
}
