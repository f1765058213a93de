using System.Collections.Immutable;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Hosting;

/// <summary>All that the config holds as secret, so that it can be taken out of what leaves the machine.</summary>
internal static class Secrets
{
    /// <summary>Shorter ones would mask ordinary words.</summary>
    private const int Shortest = 6;

    /// <returns>The longest first: one may hold another.</returns>
    public static ImmutableArray<string> Of(AgentSettings settings) =>
    [
        .. settings.Notify.Channels.SelectMany(channel => (string?[])[channel.Url, channel.Secret, channel.Azure?.ClientSecret, channel.Azure?.CertificatePassword])
            .Concat(settings.Notify.Pings)
            .Concat(settings.Registries.Values.SelectMany(registry => (string?[])[registry.Password, registry.Azure?.ClientSecret]))
            .Append(settings.Control.Token)
            .Append(settings.Control.WebhookSecret)
            .Append(settings.Telemetry.Otlp?.Headers)
            .OfType<string>().SelectMany(WithItsLines).Where(secret => secret.Length >= Shortest).Distinct().OrderByDescending(secret => secret.Length),
    ];

    /// <summary>A private key is repeated line by line, if at all.</summary>
    private static IEnumerable<string> WithItsLines(string secret) => secret.Contains('\n', StringComparison.Ordinal) ? secret.Split('\n', StringSplitOptions.TrimEntries).Prepend(secret) : [secret];
}
