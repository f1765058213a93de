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

    /// <summary>In the same words as <c>--json</c>; nothing where the answer has begun already.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string code, string detail) =>
        context.Response.HasStarted ? Task.CompletedTask
        : JsonAsync(context, status, new RefusalDocument(new Refusal(code, detail)), ControlJson.Default.RefusalDocument);

    public static string Code(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "tooLarge",
        StatusCodes.Status408RequestTimeout => "tooSlow",
        _ => "badRequest",
    };

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
