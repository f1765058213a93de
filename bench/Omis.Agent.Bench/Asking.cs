using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>
/// What the questions of a cycle cost at a registry that wants tokens: by the agent's own registry client, in one process
/// as the service has it. The floor is as many HEADs with their tokens in hand, over one warm connection.
/// </summary>
internal static class Asking
{
    private const double Allowed = 2;

    /// <param name="engine">Not asked: whatever it is, the registry is the same.</param>
    public static async Task<bool> RunAsync(LabEngine engine, BenchOptions options)
    {
        var met = true;
        foreach (var tls in new[] { false, true })
        {
            await using var registry = await ProtectedRegistry.StartAsync(TokenDialect.Token, tls);
            met &= await CycleAsync(registry, tls, 30, options.Rounds) & await CycleAsync(registry, tls, 300, options.Rounds);
        }

        return met;
    }

    private static async Task<bool> CycleAsync(ProtectedRegistry registry, bool tls, int images, int rounds)
    {
        Report.Section($"registry: {images} images of one registry with token auth, {(tls ? "https" : "http")}");
        var prefix = "omis" + Guid.NewGuid().ToString("N")[..10];
        var repositories = Enumerable.Range(0, images).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}/app{number}")).ToList();
        foreach (var repository in repositories)
        {
            await Lab.Current.Registry.PushAsync(repository, "latest", TestImage.Good("web", "1"));
        }

        using var asker = new Asker(registry, repositories);
        using var floor = new RawHeads(registry, repositories, await TokensAsync(registry, repositories));
        var first = await CountAsync(registry, prefix, asker.CycleAsync);
        Report.Line($"first cycle: {first.Took:0} ms, {first.Heads} HEADs of {first.Requests} requests, {first.Tokens} token requests");
        await floor.CycleAsync();
        var (agent, raw, exact) = (new List<double>(), new List<double>(), true);
        for (var round = 1; round <= rounds; round++)
        {
            var later = await CountAsync(registry, prefix, asker.CycleAsync);
            agent.Add(later.Took);
            exact &= (later.Heads, later.Requests, later.Tokens) == (images, images, 0);
            raw.Add((await CountAsync(registry, prefix, floor.CycleAsync)).Took);
        }

        Report.Timing("floor: raw HEADs", raw, raw);
        Report.Timing("later cycle", agent, raw);
        var ratio = Report.Median(agent) / Report.Median(raw);
        return Report.Target(exact, $"later cycles: exactly {images} HEADs, 0 token requests")
            & Report.Target(ratio <= Allowed, $"{ratio:0.00} x floor, allowed {Allowed:0.00}");
    }

    private static async Task<(double Took, int Heads, int Requests, int Tokens)> CountAsync(ProtectedRegistry registry, string prefix, Func<Task> cycle)
    {
        var (asked, tokens, clock) = ((await registry.Log.UnderAsync(prefix)).Length, registry.Realm.Requests.Length, Stopwatch.StartNew());
        await cycle();
        var took = clock.Elapsed.TotalMilliseconds;
        var requests = (await registry.Log.UnderAsync(prefix))[asked..];
        return (took, requests.Count(request => request.Method == "HEAD"), requests.Length, registry.Realm.Requests.Length - tokens);
    }

    private static async Task<IReadOnlyList<string>> TokensAsync(ProtectedRegistry registry, IReadOnlyList<string> repositories)
    {
        using var http = RawHeads.Client(registry);
        return await Task.WhenAll(repositories.Select(repository => registry.Realm.TokenAsync(http, repository)));
    }
}

/// <summary>HEADs as fast as one connection takes them: HTTP/2 where the registry speaks it, otherwise one after the other.</summary>
internal sealed class RawHeads(ProtectedRegistry registry, IReadOnlyList<string> repositories, IReadOnlyList<string> tokens) : IDisposable
{
    private readonly HttpClient http = Client(registry);

    public static HttpClient Client(ProtectedRegistry registry)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(registry.CaFile);
        return new HttpClient(handler) { BaseAddress = registry.Root, DefaultRequestVersion = HttpVersion.Version20 };
    }

    public Task CycleAsync() => Task.WhenAll(repositories.Zip(tokens, HeadAsync));

    public void Dispose() => http.Dispose();

    private async Task HeadAsync(string repository, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri($"/v2/{repository}/manifests/latest", UriKind.Relative)) { Version = HttpVersion.Version20 };
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.Add("Accept", "application/vnd.oci.image.index.v1+json");
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
