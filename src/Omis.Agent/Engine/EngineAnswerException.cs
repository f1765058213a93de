using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Docker.DotNet;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Engine;

/// <summary>
/// The engine understood a call and said no. Where a caller expects that, it knows what it means; anywhere else it is
/// the machine's trouble and no image's.
/// </summary>
public sealed class EngineAnswerException(HttpStatusCode status, string message) : EnvironmentException(ReasonCode.EngineUnavailable, message)
{
    public HttpStatusCode Status { get; } = status;

    public static EngineAnswerException Of(string what, DockerApiException answer) => Of(what, answer.StatusCode, answer.ResponseBody);

    public static EngineAnswerException Of(string what, HttpStatusCode status, string? body) => new(status, $"{what}: {Reason(body) ?? status.ToString()}");

    /// <summary>Errors are <c>{"message":"…"}</c>. Source: Engine API, "Errors".</summary>
    private static string? Reason(string? body)
    {
        try
        {
            return string.IsNullOrWhiteSpace(body) ? null : JsonNode.Parse(body)?["message"]?.GetValue<string>().Trim();
        }
        catch (Exception garbage) when (garbage is JsonException or InvalidOperationException)
        {
            return body!.Trim();
        }
    }
}
