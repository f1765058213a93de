using System.Runtime.CompilerServices;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>Stacks that are up and answer.</summary>
internal static class Stacks
{
    /// <summary>Version 1 of each service, each published; on the leg whose turn it is.</summary>
    public static Task<ComposeStack> UpAsync(string[] services, [CallerMemberName] string test = "") =>
        UpAsync(OneLeg.For(test), _ => "", services);

    /// <param name="more">What else stands in a service's part of the file, indented by four.</param>
    public static async Task<ComposeStack> UpAsync(LabEngine engine, Func<string, string> more, params string[] services)
    {
        var stack = new ComposeStack(engine);
        foreach (var service in services)
        {
            await stack.PushAsync(service, TestImage.Good(service, "1"));
        }

        await stack.BringUpAsync("services:\n" + string.Concat(services.Select(service => $"""
              {service}:
                image: {stack.Image(service)}
                ports: ["127.0.0.1:{stack.Port(service)}:8080"]
            {more(service)}

            """)));
        foreach (var service in services)
        {
            await stack.AnswersAsync(service, service + " 1");
        }

        return stack;
    }

    /// <summary>Writes the file and brings it up; whatever fails takes the stack with it.</summary>
    public static Task BringUpAsync(this ComposeStack stack, string yaml) => stack.OrDisposeAsync(it =>
    {
        it.Write(yaml);
        return it.UpAsync();
    });

    /// <summary>The containers' ids, by service and number.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(this ComposeStack stack) =>
        [.. (await stack.PsAsync()).Select(container => $"{container.Name} {container.Id}")];

    public static async Task<string> LastLogLineAsync(this ComposeStack stack, string service) =>
        (await stack.Engine.LogsAsync((await stack.ContainerAsync(service)).Id)).Trim().Split('\n')[^1];
}
