using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>How a realm words its answer: Docker Hub and others, or Azure's registries.</summary>
public enum TokenDialect
{
    /// <summary><c>token</c> and <c>expires_in</c>.</summary>
    Token,

    /// <summary><c>access_token</c>, and how long it lasts stands in the JWT alone.</summary>
    AccessToken,
}

/// <param name="UserAgent">Who asked.</param>
/// <param name="Proof">What was shown: <c>password</c>, <c>identity token</c>, or <c>nothing</c>.</param>
public sealed record TokenRequest(string UserAgent, string Proof, string Scope, bool Granted)
{
    public bool IsTheAgents => UserAgent.StartsWith("omis-agent/", StringComparison.Ordinal);
}

/// <summary>
/// The realm of a protected registry: lets in one user by password or identity token, for pulling, and keeps account.
/// Source: distribution spec, "Token authentication" and "OAuth2 token authentication".
/// </summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Service = "registry.test";
    public const string Issuer = "a test";
    public const string User = "ci";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 signer;
    private readonly ConcurrentQueue<TokenRequest> requests = new();
    private readonly TokenDialect dialect;
    private readonly bool tls;
    private readonly int port = FreePort.Next();
    private WebApplication? server;

    private TokenServer(TokenDialect dialect, bool tls)
    {
        (this.dialect, this.tls) = (dialect, tls);
        signer = new CertificateRequest("CN=tokens", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string Password { get; } = "password-" + Guid.NewGuid().ToString("N");

    public string IdentityToken { get; } = "identity-" + Guid.NewGuid().ToString("N");

    public Uri Realm => new($"{(tls ? "https" : "http")}://127.0.0.1:{port}/token");

    /// <summary>What the registry has to trust, as PEM.</summary>
    public string SignerPem => signer.ExportCertificatePem();

    public ImmutableArray<TokenRequest> Requests => [.. requests];

    /// <param name="certificate">Plain HTTP where there is none.</param>
    public static async Task<TokenServer> StartAsync(TokenDialect dialect, X509Certificate2? certificate)
    {
        var realm = new TokenServer(dialect, certificate is not null);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, realm.port, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        realm.server = builder.Build();
        realm.server.Run(realm.HandleAsync);
        await realm.server.StartAsync();
        return realm;
    }

    /// <summary>A token for one repository, as a client gets it by the password.</summary>
    public async Task<string> TokenAsync(HttpClient http, string repository)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Realm}?service={Service}&scope=repository:{repository}:pull");
        request.Headers.Authorization = new("Basic", Basic());
        using var response = await http.SendAsync(request);
        var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return (answer["token"] ?? answer["access_token"])!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        signer.Dispose();
        key.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : FormCollection.Empty;
        var (proof, granted) = Judge(context.Request, form);
        var scope = form.TryGetValue("scope", out var posted) ? posted.ToString() : context.Request.Query["scope"].ToString();
        requests.Enqueue(new TokenRequest(context.Request.Headers.UserAgent.ToString(), proof, scope, granted));
        context.Response.StatusCode = granted ? 200 : 401;
        if (granted)
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(Answer(Sign(scope), context.Request.Method).ToJsonString());
        }
    }

    private (string Proof, bool Granted) Judge(HttpRequest request, IFormCollection form) => form["grant_type"].ToString() switch
    {
        "refresh_token" => ("identity token", form["refresh_token"] == IdentityToken),
        "password" => ("password", form["username"] == User && form["password"] == Password),
        _ when request.Headers.Authorization.Count > 0 =>
            ("password", request.Headers.Authorization == "Basic " + Basic()),
        _ => ("nothing", false),
    };

    private string Basic() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <summary>Engines take nothing but an <c>access_token</c> for an identity token.</summary>
    private JsonObject Answer(string token, string method) => dialect is TokenDialect.AccessToken || HttpMethods.IsPost(method)
        ? new JsonObject { ["access_token"] = token }
        : new JsonObject { ["token"] = token, ["expires_in"] = 300 };

    private string Sign(string scope)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var access = scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(':')).Where(parts => parts is ["repository", ..])
            .Select(parts => (JsonNode)new JsonObject { ["type"] = "repository", ["name"] = string.Join(':', parts[1..^1]), ["actions"] = new JsonArray("pull") });
        var header = new JsonObject { ["typ"] = "JWT", ["alg"] = "ES256", ["x5c"] = new JsonArray(Convert.ToBase64String(signer.RawData)) };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = User,
            ["aud"] = Service,
            ["exp"] = now + 300,
            ["nbf"] = now - 30,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString(),
            ["access"] = new JsonArray([.. access]),
        };
        var text = $"{Part(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Part(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Part(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    private static string Part(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
