namespace Omis.Agent.Core.Settings;

/// <summary>Where the agent can be asked and told.</summary>
public sealed record ControlSettings
{
    public string Socket { get; init; } = "/run/omis-agent/control.sock";

    /// <summary><c>HOST:PORT</c> for webhooks, metrics and the API; null opens no port.</summary>
    public string? Listen { get; init; }

    /// <summary>A certificate chain (PEM) for <see cref="Listen"/>; null for no TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The certificate's key (PEM).</summary>
    public string? KeyFile { get; init; }

    /// <summary>What callers of <see cref="Listen"/> must bear.</summary>
    public string? Token { get; init; }

    /// <summary>Lets callers ring <c>/webhooks/</c> and nothing else; null where <see cref="Token"/> has to do.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Never shows the secrets.</summary>
    public override string ToString() => $"ControlSettings {{ Socket = {Socket}, Listen = {Listen} }}";
}
