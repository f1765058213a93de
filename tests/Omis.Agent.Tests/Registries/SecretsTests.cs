using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Credentials;
using Omis.Agent.Registries.Tokens;
using static Omis.Agent.Tests.Registries.Asking;

namespace Omis.Agent.Tests.Registries;

/// <summary>Plants secrets that can be recognised and looks for them in everything that people may come to see.</summary>
public sealed class SecretsTests
{
    private const string Password = "planted-password";
    private const string TokenValue = "planted-token";

    private static readonly string[] Planted = [Password, TokenValue, Scripts.Base64($"ci:{Password}")];

    /// <summary>Registries that throw everything back they were given, wherever it might end up in a message.</summary>
    public static TheoryData<string> Echoes => ["status", "challenge", "redirect", "location", "digest", "body", "realm"];

    [Theory]
    [MemberData(nameof(Echoes))]
    public async Task No_answer_and_no_log_line_holds_a_secret_even_if_the_server_sends_it_back(string way)
    {
        await using var server = await ScriptedServer.StartAsync(context => EchoAsync(context, way));
        var log = new ListLogger<OciRegistry>();
        var settings = ImmutableDictionary<string, RegistrySettings>.Empty.Add(server.Authority, Login(password: Password));
        using var registry = new OciRegistry(settings, new SettingsCredentials(settings), new FakeTimeProvider(), log, Patience);

        var answers = new List<RegistryAnswer>();
        for (var cycle = 0; cycle < 2; cycle++)
        {
            answers.Add(await registry.LatestAsync(App(server), Ct));
        }

        Assert.Contains(server.Transcript, received => received.Authorization is not null);
        NoneIn(string.Join('\n', answers) + string.Join('\n', log.Lines));
    }

    [Fact]
    public void No_value_shows_its_secret()
    {
        var basic = new RegistryCredential.Basic("ci", Password);
        var token = new Token(TokenValue, TimeSpan.FromMinutes(1));
        object[] values =
        [
            basic, new RegistryCredential.IdentityToken(TokenValue), token, new TokenAnswer.Granted(token), new Pass.Admit(token.Header, true),
            new TokenKey("a.io", "https://a.io", null, "s", basic), new Question(HttpMethod.Get, new Uri("https://a.io/?t=" + TokenValue), token.Header),
            Login(password: Password), new DockerAuth(TokenValue, "ci", Password, TokenValue), new EngineAuthJson("a.io", "ci", Password, TokenValue),
            new TokenJson(TokenValue, TokenValue, default(JsonElement)),
        ];

        NoneIn(string.Join('\n', values));
    }

    private static async Task EchoAsync(HttpContext context, string way)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (context.Request.Path == "/token")
        {
            await (way == "realm" ? Scripts.Json($"{{\"token\":\"{TokenValue}\\n{authorization}\"}}") : Scripts.Json($"{{\"token\":\"{TokenValue}\"}}"))(context);
            return;
        }

        if (!authorization.StartsWith("Bearer", StringComparison.Ordinal))
        {
            await Scripts.Challenge($"Bearer realm=\"http://{context.Request.Host}/token\"")(context);
            return;
        }

        var echo = authorization + Password + TokenValue;
        context.Response.Headers["Docker-Content-Digest"] = way == "digest" ? echo : null;
        context.Response.Headers.Location = way is "redirect" ? $"http://{context.Request.Host}/{Uri.EscapeDataString(echo)}" : way is "location" ? $"http://example.com/?{Uri.EscapeDataString(echo)}" : null;
        context.Response.Headers.WWWAuthenticate = way == "challenge" ? $"Bearer realm=\"http://x/{echo}\",scope=\"{echo}\",error=\"{echo}\"" : null;
        context.Response.StatusCode = way switch { "challenge" => 401, "status" => 418, "redirect" or "location" => 307, _ => 200 };
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(echo);
        }
    }

    private static void NoneIn(string text) => Assert.All(Planted, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
}
