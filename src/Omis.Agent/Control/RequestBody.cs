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
        if (context.Request.ContentLength > Most)
        {
            throw TooLarge();
        }

        using var late = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, context.RequestAborted);
        using var body = new MemoryStream();
        try
        {
            await CopyAsync(context.Request.Body, body, either.Token);
            return body.GetBuffer().AsMemory(0, (int)body.Length);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // What is left of it is not waited for either.
            context.Response.Headers.Connection = "close";
            throw new RefusedException(StatusCodes.Status408RequestTimeout, "tooSlow", $"the body took longer than {Longest.TotalSeconds:0} s");
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }
    }

    private static async Task CopyAsync(Stream from, MemoryStream into, CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, ct) is > 0 and var read)
        {
            if (into.Length + read > Most)
            {
                throw TooLarge();
            }

            into.Write(buffer, 0, read);
        }
    }

    private static RefusedException TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "tooLarge", "the body is larger than 1 MiB");
}
