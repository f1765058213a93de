using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Tests.Registries;

/// <summary>Answers that registries give.</summary>
internal static class Scripts
{
    public const string Manifest = """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""";

    public static readonly Digest Digest = Digest.Parse("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Manifest))));

    public static Task Found(HttpContext context)
    {
        context.Response.Headers["Docker-Content-Digest"] = Digest.Value;
        return Task.CompletedTask;
    }

    public static Func<HttpContext, Task> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>HEAD answers with this, GET with that body.</summary>
    public static Func<HttpContext, Task> Get(Func<HttpContext, Task> head, string body = Manifest, string? digest = null) => async context =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            await head(context);
            return;
        }

        context.Response.Headers["Docker-Content-Digest"] = digest;
        await context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Challenge(string header) => context =>
    {
        context.Response.StatusCode = 401;
        context.Response.Headers.WWWAuthenticate = header;
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> Redirect(string location) => context =>
    {
        context.Response.StatusCode = 307;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> TooMany(string? retryAfter) => context =>
    {
        context.Response.StatusCode = 429;
        context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    };

    /// <summary>Never answers while somebody waits.</summary>
    public static async Task Stall(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    /// <summary>One after the other; the last for good.</summary>
    public static Func<HttpContext, Task> InOrder(params Func<HttpContext, Task>[] scripts)
    {
        var turn = -1;
        return context => scripts[Math.Min(Interlocked.Increment(ref turn), scripts.Length - 1)](context);
    }

    public static Func<HttpContext, Task> ByPath(params (string Start, Func<HttpContext, Task> Script)[] scripts) => context =>
        scripts.First(entry => context.Request.Path.StartsWithSegments(entry.Start, StringComparison.Ordinal)).Script(context);

    public static Func<HttpContext, Task> Json(string body) => context => context.Response.WriteAsync(body);

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
