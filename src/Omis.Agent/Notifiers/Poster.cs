using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers;

/// <summary>
/// Posts to channels. What it reports holds neither the address nor what was sent: chat hooks' addresses are secrets.
/// Redirects are not followed, since a signature or token is for its own host.
/// </summary>
internal sealed class Poster(TimeProvider time) : IDisposable
{
    private const int MostRead = 16 << 10;

    /// <summary>Lists of an API whose answers are worked with.</summary>
    private const int MostOfAnApi = 4 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    /// <summary>A channel that asks for more than this is asked again all the same.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly HttpMessageInvoker proxied = Invoker(direct: false);
    private readonly HttpMessageInvoker direct = Invoker(direct: true);

    public Task<PostAnswer> PostAsync(Uri url, string json, CancellationToken ct, params ImmutableArray<(string Name, string Value)> headers) =>
        SendAsync(HttpMethod.Post, url, json, "application/json", headers, ct);

    public Task<PostAnswer> SendAsync(HttpMethod method, Uri url, string body, string mediaType, ImmutableArray<(string Name, string Value)> headers, CancellationToken ct) =>
        SendAsync(method, url, new StringContent(body, Encoding.UTF8, mediaType), headers, MostRead, ct);

    /// <param name="json">Null for none, as with GET.</param>
    public Task<PostAnswer> AskAsync(HttpMethod method, Uri url, string? json, ImmutableArray<(string Name, string Value)> headers, CancellationToken ct) =>
        SendAsync(method, url, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers, MostOfAnApi, ct);

    private async Task<PostAnswer> SendAsync(HttpMethod method, Uri url, HttpContent? content, ImmutableArray<(string Name, string Value)> headers, int mostRead, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("omis-agent", null));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var late = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            using var response = await (url.IsLoopback ? direct : proxied).SendAsync(request, either.Token);
            return new PostAnswer((int)response.StatusCode, await ReadAsync(response, mostRead, either.Token), RetryAfter(response));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return PostAnswer.None($"no answer within {Timeout.TotalSeconds} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            ct.ThrowIfCancellationRequested();
            return PostAnswer.None(Problem(fault));
        }
    }

    public void Dispose()
    {
        proxied.Dispose();
        direct.Dispose();
    }

    private static HttpMessageInvoker Invoker(bool direct) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !direct,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    private static async Task<string> ReadAsync(HttpResponseMessage response, int most, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        using var read = new MemoryStream();
        var buffer = new byte[MostRead];
        while (read.Length < most && await stream.ReadAsync(buffer, ct) is > 0 and var count)
        {
            read.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)Math.Min(read.Length, most));
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => UntilReset(response),
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    /// <summary>As GitHub and Azure DevOps say that a budget is used up: when it is filled again, in seconds of the epoch.</summary>
    private TimeSpan? UntilReset(HttpResponseMessage response) =>
        Header(response, "X-RateLimit-Remaining") == "0" && long.TryParse(Header(response, "X-RateLimit-Reset"), CultureInfo.InvariantCulture, out var at)
        && at - time.GetUtcNow().ToUnixTimeSeconds() is > 0 and < 86_400 and var seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    /// <summary>None of the framework's own texts: they name the host.</summary>
    private static string Problem(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "it cannot be connected to",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection could be made",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refused the connection",
        _ => "the connection broke off",
    };
}

/// <param name="Status">0 where no answer came.</param>
internal sealed record PostAnswer(int Status, string Body, TimeSpan? RetryAfter)
{
    private string? problem;

    public static PostAnswer None(string problem) => new(0, "", null) { problem = problem };

    /// <summary>By its status alone. Source: RFC 9110; 425 is RFC 8470.</summary>
    /// <param name="said">What the channel said in words that are known to hold nothing secret.</param>
    public Delivery ToDelivery(string? reference = null, string? said = null) => Status switch
    {
        >= 200 and < 300 => new Delivery.Accepted(reference),
        0 => new Delivery.Away(problem!),
        408 or 425 or 429 or >= 500 => new Delivery.Away(Text(said), RetryAfter),
        >= 300 and < 400 => new Delivery.Rejected($"{Text(said)}: it redirects, which is not followed; give the address it redirects to"),
        404 or 410 => new Delivery.Rejected($"{Text(said)}: there is no such address any more"),
        _ => new Delivery.Rejected(Text(said)),
    };

    /// <summary>Its status, and what that means here.</summary>
    public string Text(string? said) => Status.ToString(CultureInfo.InvariantCulture) + (said is { Length: > 0 } ? $" ({said})" : "");
}
