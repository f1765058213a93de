using System.Text;

namespace Omis.Agent.Engine.Tests.Rollouts;

/// <summary>A real registry that lets nobody in without a token: the agent asks it, and the engine pulls from it with what the agent hands on.</summary>
public sealed class ProtectedRegistryTests
{
    [Theory, EachLeg]
    public async Task A_password_serves_the_question_and_the_pull(string leg)
    {
        await using var registry = await ProtectedRegistry.StartAsync(TokenDialect.Token, Tls(leg));
        await using var stack = await UpAsync(leg, registry);
        await using var home = stack.Agent(Rules.Quick);
        home.Configure(Rules.Quick, registry.Config($"\"username\": \"{TokenServer.User}\", \"password\": \"{registry.Realm.Password}\""));

        await IsUpdatedAsync(registry, stack, home, "password");
    }

    [Theory, EachLeg]
    public async Task An_identity_token_of_dockers_own_login_serves_the_question_and_the_pull(string leg)
    {
        await using var registry = await ProtectedRegistry.StartAsync(TokenDialect.AccessToken, Tls(leg));
        await using var stack = await UpAsync(leg, registry);
        await using var home = stack.Agent(Rules.Quick);
        home.Configure(Rules.Quick, registry.Config(""));
        var docker = Directory.CreateDirectory(Path.Combine(home.Folder, ".docker"));
        await File.WriteAllTextAsync(Path.Combine(docker.FullName, "config.json"), registry.DockerConfig($"\"identitytoken\": \"{registry.Realm.IdentityToken}\""));

        await IsUpdatedAsync(registry, stack, home, "identity token");
    }

    [Fact]
    public async Task A_wrong_password_touches_nothing_and_pulls_nothing()
    {
        await using var registry = await ProtectedRegistry.StartAsync(TokenDialect.Token, tls: true);
        await using var stack = await UpAsync("stable", registry);
        await using var home = stack.Agent(Rules.Quick);
        home.Configure(Rules.Quick, registry.Config($"\"username\": \"{TokenServer.User}\", \"password\": \"not-the-password\""));
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var before = await stack.IdsAsync();

        var cycle = (await home.CycleAsync()).Exits(3);

        Assert.Equal(["web registryUnauthorized"], cycle.Skips());
        Assert.Equal(["web unknown"], cycle.Seen());
        Assert.Contains("refuses repository:", cycle.SkipDetail("web"), StringComparison.Ordinal);
        Assert.Equal(before, await stack.IdsAsync());
        Assert.DoesNotContain(home.Proxy.Calls, call => call.IsTouch);
        Assert.Equal("refused", Assert.Single(await home.HistoryAsync()).Outcome());
        Assert.DoesNotContain("not-the-password", cycle.ToString(), StringComparison.Ordinal);

        home.Configure(Rules.Quick, registry.Config($"\"username\": \"{TokenServer.User}\", \"password\": \"{registry.Realm.Password}\""));
        (await home.CycleAsync()).Exits(0);
        await stack.AnswersAsync("web", "web 2");
    }

    private static async Task IsUpdatedAsync(ProtectedRegistry registry, ComposeStack stack, AgentHome home, string proof)
    {
        await stack.PushAsync("web", TestImage.Good("web", "2"));
        var asked = (await registry.Log.UnderAsync(stack.Prefix)).Length;
        var granted = registry.Realm.Requests.Length;

        Assert.Equal("committed", (await home.CycleAsync()).Exits(0).Rollout().Outcome());
        await stack.AnswersAsync("web", "web 2");

        // The agent asked; whoever pulled is the engine, and both showed the same.
        var requests = (await registry.Log.UnderAsync(stack.Prefix))[asked..];
        Assert.DoesNotContain(requests, request => request.IsTheAgents && (request.PullsBlob || (request.PullsManifest && request.Reference == "latest")));
        Assert.Contains(requests, request => !request.IsTheAgents && request.PullsBlob && request.Status == 200);
        var tokens = registry.Realm.Requests[granted..];
        Assert.Equal((proof, true), Assert.Single(tokens.Where(token => token.IsTheAgents).Select(token => (token.Proof, token.Granted))));
        Assert.Contains(tokens, token => !token.IsTheAgents && token.Proof == proof && token.Granted);

        var later = requests.Length + asked;
        (await home.CycleAsync()).Exits(0);
        Assert.Equal(["HEAD 401", "HEAD 200"], (await registry.Log.UnderAsync(stack.Prefix))[later..].Select(request => $"{request.Method} {request.Status}"));
    }

    /// <summary>The containerd store asks a realm with the system's trust alone, whatever it knows of the registry's CA: there all is plain, on loopback.</summary>
    private static bool Tls(string leg) => !Lab.Current.Engine(leg).HasContainerdStore;

    /// <summary>Version 1, pulled by compose with a login of its own.</summary>
    private static async Task<ComposeStack> UpAsync(string leg, ProtectedRegistry registry)
    {
        var stack = new ComposeStack(Lab.Current.Engine(leg)) { Registry = registry.Address };
        return await stack.OrDisposeAsync(async it =>
        {
            var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TokenServer.User}:{registry.Realm.Password}"));
            await File.WriteAllTextAsync(Path.Combine(it.Folder.FullName, "config.json"), registry.DockerConfig($"\"auth\": \"{login}\""));
            await it.PushAsync("web", TestImage.Good("web", "1"));
            it.Write($"services: {{ web: {{ image: \"{it.Image("web")}\", ports: [\"127.0.0.1:{it.Port("web")}:8080\"] }} }}");
            await it.UpAsync();
            await it.AnswersAsync("web", "web 1");
        });
    }
}
