using System.Net;
using Azure.Core.Pipeline;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>An authority (over TLS, from a CA of the test's own) and a machine's identity service, and the way to them.</summary>
internal sealed class EntraServer : IAsyncDisposable
{
    private readonly TestCa _ca = new();
    private readonly HttpClient _client = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, certificate, _, _) => certificate?.Issuer == "CN=Test root" });

    private static EntraServer? _current;

    /// <summary>One for the process: Azure.Identity reads where it is only once.</summary>
    private static readonly Lazy<Task<ScriptedServer>> TheImds = new(() => ScriptedServer.StartAsync(context => _current!.OnImds(context)));

    private int _imdsBefore;

    private EntraServer() => Transport = new HttpClientTransport(_client);

    public const string Token = "planted-entra-token";

    public ScriptedServer Authority { get; private set; } = null!;

    public ScriptedServer Imds { get; private set; } = null!;

    public HttpClientTransport Transport { get; }

    /// <summary>Answers token requests at the authority.</summary>
    public Func<HttpContext, Task> OnToken { get; set; } = Scripts.Json($$"""{"token_type":"Bearer","expires_in":86399,"ext_expires_in":86399,"access_token":"{{Token}}"}""");

    /// <summary>Answers at the identity service.</summary>
    public Func<HttpContext, Task> OnImds { get; set; } = GiveAsync;

    public IEnumerable<Received> TokenRequests => Authority.Transcript.Where(received => received.Target.EndsWith("/token", StringComparison.Ordinal) && received.Method == "POST");

    public IEnumerable<Received> ImdsRequests => Imds.Transcript.Skip(_imdsBefore).Where(received => received.Target.StartsWith("/metadata/identity/oauth2/token", StringComparison.Ordinal));

    public static async Task<EntraServer> StartAsync()
    {
        var entra = new EntraServer();
        entra.Authority = await ScriptedServer.StartAsync(entra.AuthorityAsync, entra._ca.Issue(IPAddress.Loopback));
        (entra.Imds, _current) = (await TheImds.Value, entra);
        entra._imdsBefore = entra.Imds.Transcript.Length;
        return entra;
    }

    public Task ImdsAskedAsync() => Asking.SeenAsync(Imds, _imdsBefore + 1);

    public async ValueTask DisposeAsync()
    {
        await Authority.DisposeAsync();
        _client.Dispose();
        _ca.Dispose();
    }

    private Task AuthorityAsync(HttpContext context)
    {
        var tenant = context.Request.Path.Value!.Split('/')[1];
        return context.Request.Path.Value.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal)
            ? Scripts.Json($$"""{"token_endpoint":"{{Authority.Url}}/{{tenant}}/oauth2/v2.0/token","authorization_endpoint":"{{Authority.Url}}/{{tenant}}/oauth2/v2.0/authorize","issuer":"{{Authority.Url}}/{{tenant}}/v2.0"}""")(context)
            : OnToken(context);
    }

    private static Task GiveAsync(HttpContext context) => Scripts.Json(
        $$"""{"access_token":"{{Token}}","client_id":"x","expires_in":"86399","expires_on":"{{DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds()}}","resource":"{{context.Request.Query["resource"]}}","token_type":"Bearer"}""")(context);
}
