using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Passes a request on to the real registry, and its answer back, whole or in part.</summary>
internal sealed class RegistryRelay(string registry) : IDisposable
{
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    /// <param name="limit">So many bytes of the body are passed on; its length is announced in full.</param>
    public async Task PassAsync(HttpContext context, long limit, CancellationToken ct)
    {
        using var request = RequestOf(context.Request);
        using var answer = await http.SendAsync(request, ct);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await context.Response.StartAsync(ct);
        if (context.Request.Method != HttpMethods.Head)
        {
            await CopyAsync(await answer.Content.ReadAsStreamAsync(ct), context.Response, limit, ct);
        }
    }

    public void Dispose() => http.Dispose();

    private HttpRequestMessage RequestOf(HttpRequest request)
    {
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), $"http://{registry}{request.Path}{request.QueryString}");
        if (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
        {
            copy.Content = new StreamContent(request.Body);
        }

        foreach (var (name, values) in request.Headers.Where(header => header.Key is not ("Host" or "Connection" or "Transfer-Encoding")))
        {
            _ = copy.Headers.TryAddWithoutValidation(name, values.ToArray()) || (copy.Content?.Headers.TryAddWithoutValidation(name, values.ToArray()) ?? false);
        }

        return copy;
    }

    private static async Task CopyAsync(Stream from, HttpResponse to, long limit, CancellationToken ct)
    {
        var buffer = new byte[1 << 16];
        while (limit > 0 && await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(limit, buffer.Length)), ct) is var read and > 0)
        {
            await to.Body.WriteAsync(buffer.AsMemory(0, read), ct);
            limit -= read;
        }

        // What stays in a buffer here has not left the registry yet, as far as the other side can tell.
        await to.Body.FlushAsync(ct);
    }
}
