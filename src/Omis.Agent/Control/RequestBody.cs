using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control;

/// <summary>Reads what a caller sends: no more than that much, and no longer than that long, however slowly it trickles.</summary>
internal static class RequestBody
{
    /// <summary>Bytes.</summary>
    public const int Most = 1024 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <exception cref="RefusedException">It is larger (413) or takes longer (408).</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, TimeProvider time)
    {
        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        using var body = new MemoryStream();
        try
        {
            // The server counts, chunked bodies too.
            await context.Request.Body.CopyToAsync(body, either.Token);
            return body.ToArray();
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // What is left of it is not waited for either.
            context.Response.Headers.Connection = "close";
            throw new RefusedException(StatusCodes.Status408RequestTimeout, "tooSlow", $"the body took longer than {Longest.TotalSeconds:0} s");
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(StatusCodes.Status413PayloadTooLarge, "tooLarge", "the body is larger than 1 MiB");
        }
    }
}
