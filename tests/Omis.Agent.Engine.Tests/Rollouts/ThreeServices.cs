namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>The first user's stack: csvtomdb, on which backend depends, on which frontend depends; each with its own restart policy, labels and networks.</summary>
internal static class ThreeServices
{
    public static readonly string[] Names = ["csvtomdb", "backend", "frontend"];

    public static async Task<ComposeStack> UpAsync(LabEngine engine, ComposeBinary? compose = null)
    {
        var stack = new ComposeStack(engine, compose);
        foreach (var name in Names)
        {
            await stack.PushAsync(name, TestImage.Healthy(name, "1"));
        }

        await stack.BringUpAsync(Yaml(stack));
        await AnswerAsync(stack, "1");
        return stack;
    }

    public static async Task AnswerAsync(ComposeStack stack, string version)
    {
        foreach (var name in Names)
        {
            await stack.AnswersAsync(name, $"{name} {version}");
        }
    }

    private static string Yaml(ComposeStack stack) => $$"""
        services:
          frontend:
            image: {{stack.Image("frontend")}}
            restart: on-failure:3
            ports: ["127.0.0.1:{{stack.Port("frontend")}}:8080"]
            networks: [front]
            depends_on: [backend]
          backend:
            image: {{stack.Image("backend")}}
            restart: unless-stopped
            ports: ["127.0.0.1:{{stack.Port("backend")}}:8080", "127.0.0.1:{{stack.Port("backend-admin")}}:9090/udp"]
            networks: { front: { aliases: [api] }, back: {} }
            environment: { SHOP_MODE: "live" }
            labels: { shop.tier: "middle" }
            depends_on: { csvtomdb: { condition: service_healthy } }
          csvtomdb:
            image: {{stack.Image("csvtomdb")}}
            restart: always
            ports: ["127.0.0.1:{{stack.Port("csvtomdb")}}:8080"]
            networks: [back]
            volumes: ["mdb:/data"]
        networks: { front: {}, back: {} }
        volumes: { mdb: {} }
        """;
}
