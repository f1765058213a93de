using System.Security.Cryptography;
using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Packaging;

/// <summary>
/// The shipped user-data with the values that whoever uses it sets: registry, package, the project's name and ports. What
/// would come from the internet (Docker Hub's two images) is named otherwise in a file that compose reads beside it.
/// </summary>
internal static class UserData
{
    public static async Task GiveAsync(DebianMachine machine, ComposeStack stack)
    {
        var package = await DebianPackage.CurrentAsync();
        await machine.PutFileAsync("/var/tmp/given.deb", package);
        await machine.PutAsync("/var/lib/cloud/seed/nocloud/meta-data", "instance-id: first\n");
        await machine.PutAsync("/var/lib/cloud/seed/nocloud/user-data", await FilledInAsync(stack, package));
        await machine.PutAsync($"/opt/{stack.Prefix}/compose.override.yaml", $"""
            services:
              caddy:
                image: {stack.Image("caddy")}
                ports: !override ["127.0.0.1:{stack.Port("caddy")}:8080"]
                volumes: !override [caddy-data:/data]
              frontend:
                ports: ["127.0.0.1:{stack.Port("frontend")}:8080"]
              postgres:
                image: {stack.Image("postgres")}
                secrets: !reset []
            """);
    }

    private static async Task<string> FilledInAsync(ComposeStack stack, string package)
    {
        var text = await File.ReadAllTextAsync(RepositoryFile.Of("packaging/cloud-init/user-data.yaml"));
        var hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(package)));
        var values = new (string From, string To)[]
        {
            ("REGISTRY=omispcacrprod.azurecr.io", $"REGISTRY={stack.Registry}"),
            ("AGENT_URL=https://downloads.example.com/omis-agent_0.1.0_amd64.deb", "AGENT_URL=file:///var/tmp/given.deb"),
            ("AGENT_SHA256=\n", $"AGENT_SHA256={hash}\n"),
            ("omis-pc", stack.Prefix),
            ("127.0.0.1:5000:5000", $"127.0.0.1:{stack.Port("backend")}:8080"),
            ("127.0.0.1:8080:8080", $"127.0.0.1:{stack.Port("csvtomdb")}:8080"),
            ("127.0.0.1:5000/", $"127.0.0.1:{stack.Port("backend")}/"),
            ("\"127.0.0.1:8080\"", $"\"127.0.0.1:{stack.Port("csvtomdb")}\""),
        };
        foreach (var (from, to) in values)
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        return text;
    }
}
