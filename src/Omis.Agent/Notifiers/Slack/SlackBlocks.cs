using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Slack;

/// <summary>
/// A message as Block Kit. Limits: a header 150 characters of plain text, a section 3,000, 50 blocks.
/// Source: docs.slack.dev/reference/block-kit/blocks.
/// </summary>
internal static class SlackBlocks
{
    private const int Header = 150;
    private const int Section = 2900;

    /// <summary>With the text that notifications and screen readers use instead of the blocks.</summary>
    public static JsonObject Of(Message message) => new()
    {
        ["text"] = Fitting.Characters(Escape(message.Title), Section),
        ["blocks"] = new JsonArray([.. Blocks(message)]),
        ["unfurl_links"] = false,
    };

    /// <summary>Slack asks for these three and no others. Source: docs.slack.dev/messaging/formatting-message-text.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static IEnumerable<JsonNode> Blocks(Message message)
    {
        yield return new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Fitting.Characters($"{Symbol(message.Severity)} {message.Title}", Header), ["emoji"] = true } };
        foreach (var text in Fitting.Chunks(Escape(message.Body).Split('\n'), Section))
        {
            yield return Mrkdwn(text);
        }

        foreach (var log in Fitting.Chunks(message.Log.Select(line => Escape(line).Replace("```", "'''", StringComparison.Ordinal)), Section))
        {
            yield return Mrkdwn($"```{log}```");
        }

        ImmutableArray<Link> links = [.. message.Links.Where(link => !message.Body.Contains(link.Url, StringComparison.Ordinal))];
        if (!links.IsEmpty)
        {
            yield return Mrkdwn(Fitting.Characters(string.Join("\n", links.Select(link => $"<{Escape(link.Url)}|{Escape(link.Text)}>")), Section));
        }

        yield return new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Text($"{Escape(message.Host)} · {Escape(message.Notice.Stream)}")) };
    }

    private static string Symbol(Severity severity) => severity switch
    {
        Severity.Info => ":information_source:",
        Severity.Warning => ":warning:",
        Severity.Error => ":rewind:",
        _ => ":rotating_light:",
    };

    private static JsonObject Mrkdwn(string text) => new() { ["type"] = "section", ["text"] = Text(text) };

    private static JsonObject Text(string text) => new() { ["type"] = "mrkdwn", ["text"] = text };
}
