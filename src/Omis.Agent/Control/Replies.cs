using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Omis.Agent.Control;

/// <summary>How answers are written.</summary>
internal static class Replies
{
    public static Task TextAsync(HttpContext context, int status, string text) =>
        WriteAsync(context, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));

    public static Task JsonAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type) =>
        WriteAsync(context, status, "application/json", JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Nothing where the answer has begun already.</summary>
    public static Task RefuseAsync(HttpContext context, Problem problem) =>
        context.Response.HasStarted ? Task.CompletedTask
        : WriteAsync(context, problem.Status, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(problem, ControlJson.Default.Problem));

    public static string Code(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "tooLarge",
        StatusCodes.Status408RequestTimeout => "tooSlow",
        _ => "badRequest",
    };

    public static async Task WriteAsync(HttpContext context, int status, string type, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
