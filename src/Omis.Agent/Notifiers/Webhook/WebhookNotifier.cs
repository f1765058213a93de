using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Json;

namespace Omis.Agent.Notifiers.Webhook;

/// <summary>CloudEvents 1.0 in structured JSON, signed where there is a secret. Source: github.com/cloudevents/spec, spec.md and bindings/http-protocol-binding.md.</summary>
internal sealed class WebhookNotifier(Uri url, string? secret, NotifierTools tools) : INotifier
{
    public const string SignatureHeader = "X-Omis-Signature-256";

    public static readonly NotifierKind Kind = new(
        "webhook",
        "Anything that takes CloudEvents.",
        ChannelShape.Of("webhook").HasUrl("url", "Where notices are posted.").HasSecret("secret", "Signs each notice, in X-Omis-Signature-256.").With(Rule.Needs("url")),
        (channel, tools) => new WebhookNotifier(new Uri(channel.Url!), channel.Secret, tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        var body = Event(message).ToJsonString();
        ImmutableArray<(string, string)> headers = secret is null ? [] : [(SignatureHeader, Signature(secret, body))];
        var answer = await tools.Poster.SendAsync(HttpMethod.Post, url, body, "application/cloudevents+json", headers, ct);
        return answer.ToDelivery();
    }

    public static string Signature(string secret, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    private JsonObject Event(Message message) => new()
    {
        ["specversion"] = "1.0",
        ["id"] = message.Id,
        ["source"] = $"/omis-agent/{Uri.EscapeDataString(tools.Host)}",
        ["type"] = Type(message.Notice),
        ["subject"] = message.Subject,
        ["time"] = message.Notice.At.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        ["datacontenttype"] = "application/json",
        ["data"] = Data(message.Notice),
    };

    private static string Type(Notice notice) => notice switch
    {
        Notice.RegistryDown => "omis.agent.registry.down",
        Notice.RegistryBack => "omis.agent.registry.back",
        Notice.Test => "omis.agent.test",
        _ => $"omis.agent.rollout.{JsonNamingPolicy.CamelCase.ConvertName(notice.Event.ToString())}",
    };

    private static JsonNode? Data(Notice notice) => notice switch
    {
        Notice.Ended ended => JsonSerializer.SerializeToNode(ended.Record, AgentJson.Default.RolloutRecord),
        Notice.Begun started => JsonSerializer.SerializeToNode(started.Rollout, AgentJson.Default.StartedRollout),
        Notice.RegistryDown down => new JsonObject { ["registry"] = down.Registry, ["reason"] = new JsonObject { ["code"] = down.Reason.Code.Text(), ["detail"] = down.Reason.Detail } },
        Notice.RegistryBack back => new JsonObject { ["registry"] = back.Registry, ["downMs"] = (long)(back.Until - back.Since).TotalMilliseconds },
        _ => null,
    };
}
