using System.Text.Json;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Slack;

/// <summary>
/// One message for each rollout: its end replaces its beginning, and what comes after the end goes into its thread.
/// Source: docs.slack.dev/reference/methods/chat.postMessage and chat.update.
/// </summary>
internal sealed class SlackBot(Uri api, string token, string channel, NotifierTools tools) : INotifier
{
    private const string Begun = "begun ";

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        var payload = SlackBlocks.Of(message);
        payload["channel"] = channel;
        var (method, first) = Place(payload, reference);
        var answer = await tools.Poster.PostAsync(new Uri(api, method), payload.ToJsonString(), ct, ("Authorization", $"Bearer {token}"));
        return Read(answer, ts => message.Notice is Notice.Begun ? Begun + ts : first ?? ts);
    }

    /// <returns>The method, and the message that the thread hangs on where there is one.</returns>
    private static (string Method, string? First) Place(JsonObject payload, string? reference)
    {
        if (reference is null)
        {
            return ("chat.postMessage", null);
        }

        if (reference.StartsWith(Begun, StringComparison.Ordinal))
        {
            payload["ts"] = reference[Begun.Length..];
            return ("chat.update", reference[Begun.Length..]);
        }

        payload["thread_ts"] = reference;
        return ("chat.postMessage", reference);
    }

    /// <summary>Slack answers 200 to everything; <c>ok</c> tells.</summary>
    private static Delivery Read(PostAnswer answer, Func<string, string> reference)
    {
        if (answer.Status != 200)
        {
            return answer.ToDelivery();
        }

        if (Parse(answer.Body) is not { } said)
        {
            return new Delivery.Away("its answer is no JSON");
        }

        return said["ok"] is JsonValue ok && ok.TryGetValue(out bool well) && well
            ? new Delivery.Accepted(Text(said, "ts") is { } ts ? reference(ts) : null)
            : Refused(Text(said, "error") ?? "no reason given");
    }

    private static Delivery Refused(string error) => error switch
    {
        "ratelimited" or "rate_limited" or "service_unavailable" or "internal_error" or "fatal_error" or "request_timeout" or "team_added_to_org" => new Delivery.Away(Brief(error)),
        _ => new Delivery.Rejected(Brief(error)),
    };

    private static string Brief(string error) => error.Length <= 40 && error.All(letter => char.IsAsciiLetterLower(letter) || letter == '_') ? error : "refused";

    private static string? Text(JsonObject said, string name) => said[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
