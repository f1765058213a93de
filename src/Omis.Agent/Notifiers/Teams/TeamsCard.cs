using System.Text;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Teams;

/// <summary>A message as an Adaptive Card 1.4, below the 28 KB that Teams takes. Source: adaptivecards.io/explorer; learn.microsoft.com, "Format cards in Microsoft Teams".</summary>
internal static class TeamsCard
{
    private const int MostBytes = 26_000;
    private const int MostButtons = 5;

    public static JsonObject Of(Message message)
    {
        var (body, log) = (message.Body, message.Log);
        while (true)
        {
            var card = Wrap(message with { Body = body, Log = log });
            if (Encoding.UTF8.GetByteCount(card.ToJsonString()) <= MostBytes)
            {
                return card;
            }

            // The newest lines of the log say most.
            (body, log) = log.IsEmpty ? (Fitting.Characters(body, Math.Max(200, body.Length / 2)), log) : (body, log[((log.Length + 1) / 2)..]);
        }
    }

    private static JsonObject Wrap(Message message) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["contentUrl"] = null,
            ["content"] = Card(message),
        }),
    };

    private static JsonObject Card(Message message)
    {
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["fallbackText"] = message.Title,
            ["msteams"] = new JsonObject { ["width"] = "Full" },
            ["body"] = new JsonArray([.. Body(message)]),
        };
        if (!message.Links.IsEmpty)
        {
            card["actions"] = new JsonArray([.. message.Links.Take(MostButtons).Select(link => (JsonNode)new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = link.Text, ["url"] = link.Url })]);
        }

        return card;
    }

    private static IEnumerable<JsonNode> Body(Message message)
    {
        var title = Block(Escape(message.Title));
        (title["size"], title["weight"], title["color"]) = ("Medium", "Bolder", Colour(message.Severity));
        yield return title;
        foreach (var line in message.Body.Split('\n').Where(line => line.Length > 0))
        {
            var block = Block(line.StartsWith("https://", StringComparison.Ordinal) || line.StartsWith("http://", StringComparison.Ordinal) ? $"[{Escape(line)}]({line})" : Escape(line));
            block["spacing"] = "Small";
            yield return block;
        }

        foreach (var line in message.Log)
        {
            var block = Block(Escape(line));
            (block["fontType"], block["spacing"], block["isSubtle"]) = ("Monospace", "None", true);
            yield return block;
        }

        var foot = Block(Escape($"{message.Host} · {message.Notice.Stream}"));
        (foot["size"], foot["isSubtle"]) = ("Small", true);
        yield return foot;
    }

    private static JsonObject Block(string text) => new() { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true };

    private static string Colour(Severity severity) => severity switch
    {
        Severity.Info => "Good",
        Severity.Warning => "Warning",
        _ => "Attention",
    };

    /// <summary>A TextBlock takes a part of Markdown.</summary>
    private static string Escape(string text) => string.Concat(text.Select(letter => letter is '\\' or '*' or '_' or '[' or ']' or '~' or '`' or '#' ? $"\\{letter}" : letter.ToString()));
}
