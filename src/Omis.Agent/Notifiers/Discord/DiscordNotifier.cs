using System.Text.Json;
using System.Text.Json.Nodes;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Discord;

/// <summary>
/// An embed through a webhook; a rollout's end replaces its beginning. Limits: title 256 characters, description 4,096, all
/// of it 6,000. Source: docs.discord.com, "Webhook Resource" and "Message Resource".
/// </summary>
internal sealed class DiscordNotifier(Uri url, NotifierTools tools) : INotifier
{
    private const int Title = 256;
    private const int Description = 4000;

    public static readonly NotifierKind Kind = new(
        "discord",
        "Discord channels, by webhook.",
        ChannelShape.Of("discord").HasUrl("webhookUrl", "Where notices are posted.").With(Rule.Needs("webhookUrl")),
        (channel, tools) => new DiscordNotifier(new Uri(channel.Url!), tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        // With wait Discord answers with the message that it made, and with an error where it did not.
        var answer = reference is null
            ? await tools.Poster.SendAsync(HttpMethod.Post, At("", "?wait=true"), Payload(message).ToJsonString(), "application/json", [], ct)
            : await tools.Poster.SendAsync(HttpMethod.Patch, At($"/messages/{reference}", ""), Payload(message).ToJsonString(), "application/json", [], ct);
        return answer.ToDelivery(message.Notice is Notice.Begun ? IdOf(answer.Body) : null);
    }

    private Uri At(string path, string query)
    {
        var given = url.Query.TrimStart('?');
        return new UriBuilder(url) { Path = url.AbsolutePath.TrimEnd('/') + path, Query = given.Length == 0 ? query : query.Length == 0 ? given : $"{given}&{query[1..]}" }.Uri;
    }

    private static JsonObject Payload(Message message) => new()
    {
        ["embeds"] = new JsonArray(new JsonObject
        {
            ["title"] = Fitting.Characters(message.Title, Title),
            ["description"] = Text(message),
            ["color"] = Colour(message.Severity),
            ["timestamp"] = message.Notice.At.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["footer"] = new JsonObject { ["text"] = Fitting.Characters($"{message.Host} · {message.Notice.Stream}", Title) },
        }),

        // A service called @everyone rings nobody's telephone.
        ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
    };

    private static string Text(Message message)
    {
        var log = string.Join('\n', message.Log).Replace("```", "'''", StringComparison.Ordinal);
        var code = log.Length == 0 ? "" : $"\n```\n{Fitting.Characters(log, Description / 2)}\n```";
        return Fitting.Characters(message.Body, Description - code.Length) + code;
    }

    private static int Colour(Severity severity) => severity switch
    {
        Severity.Info => 0x2E_B6_7D,
        Severity.Warning => 0xEC_B2_2E,
        _ => 0xE0_1E_5A,
    };

    private static string? IdOf(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["id"] is JsonValue value && value.TryGetValue(out string? id) && id.All(char.IsAsciiDigit) ? id : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
