using System.Globalization;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Omis.Agent.Configuration;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;

namespace Omis.Agent.Notifiers.Email;

/// <summary>
/// Plain text by SMTP, one thread for each rollout. A message keeps its Message-ID however often it is sent, so that
/// mailboxes can tell. STARTTLS is required where the config does not say otherwise: credentials never go in clear.
/// </summary>
internal sealed class EmailNotifier(ChannelSettings channel, NotifierTools tools) : INotifier
{
    private const int UsualPort = 587;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static readonly NotifierKind Kind = new(
        "email",
        "Mailboxes, by SMTP.",
        ChannelShape.Of("email")
            .HasOption("server", Texts.HostAndPort, "The mail server, HOST:PORT; usually port 587.")
            .HasOption("security", Texts.OneOf(("startTls", "startTls"), ("tls", "tls"), ("none", "none")), "How the connection is secured: startTls unless given; none only without a password.", "startTls")
            .HasOption("caFile", Texts.File, "The certificate authority (PEM) of the server, beside those that the machine trusts.")
            .HasOption("username", Texts.Plain, "Who sends, where the server asks.")
            .HasSecret("password", "That user's password.")
            .HasOption("from", Texts.Text("an e-mail address", IsAddress), "The sender's address.")
            .HasOption("to", Texts.Text("e-mail addresses with commas between them", text => text.Split(',').All(IsAddress)), "Who gets it; several with commas.")
            .With(Rule.Needs("server")).With(Rule.Needs("from")).With(Rule.Needs("to"))
            .With(Rule.Together("username", "password"))
            .Check("caFile", settings => settings.Option("security") == "none" && settings.Option("caFile") is not null ? "there is no certificate to judge without TLS; expected security startTls or tls" : null)
            .Check("security", settings => settings.Option("security") == "none" && settings.Secret is not null ? "a password would go over the network in clear; expected startTls or tls" : null),
        (channel, tools) => new EmailNotifier(channel, tools));

    public async Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Timeout, tools.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        using var mail = Mail(message);
        try
        {
            await SendAsync(mail, either.Token);
            return new Delivery.Accepted();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Delivery.Away($"no answer within {Timeout.TotalSeconds} s");
        }
        catch (Exception fault) when (Explain(fault) is { } explained)
        {
            ct.ThrowIfCancellationRequested();
            return explained;
        }
    }

    private async Task SendAsync(MimeMessage mail, CancellationToken ct)
    {
        using var client = new SmtpClient { Timeout = (int)Timeout.TotalMilliseconds };
        if (channel.Option("caFile") is { } ca)
        {
            client.ServerCertificateValidationCallback = ExtraTrust.From(ca);
        }

        var (host, port) = Server(channel.Option("server")!);
        await client.ConnectAsync(host, port, Security(channel.Option("security")), ct);
        if (channel.Option("username") is { } user)
        {
            await client.AuthenticateAsync(user, channel.Secret!, ct);
        }

        await client.SendAsync(mail, ct);
        await client.DisconnectAsync(true, ct);
    }

    private MimeMessage Mail(Message message)
    {
        var mail = new MimeMessage
        {
            Subject = message.Title,
            Date = message.Notice.At,
            MessageId = IdOf(message.Id),
            Body = new TextPart("plain") { Text = $"{message.Text}\n\n-- \n{message.Host} · {message.Notice.Stream}\n" },
        };
        mail.From.Add(MailboxAddress.Parse(channel.Option("from")!));
        mail.To.AddRange(channel.Option("to")!.Split(',').Select(address => MailboxAddress.Parse(address.Trim())));
        mail.References.Add(IdOf(message.Notice.Stream));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (message.Severity == Severity.Critical)
        {
            mail.Importance = MessageImportance.High;
        }

        return mail;
    }

    private string IdOf(string text) => $"{Uri.EscapeDataString(text)}@{Uri.EscapeDataString(tools.Host)}.omis-agent";

    private static (string Host, int Port) Server(string text)
    {
        var colon = text.LastIndexOf(':');
        return (text[..colon].Trim('[', ']'), int.TryParse(text[(colon + 1)..], CultureInfo.InvariantCulture, out var port) ? port : UsualPort);
    }

    private static SecureSocketOptions Security(string? text) => text switch
    {
        "none" => SecureSocketOptions.None,
        "tls" => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>4yz may pass, 5yz does not. Source: RFC 5321, 4.2.1. The server's own words may hold addresses and stay out.</summary>
    private static Delivery? Explain(Exception fault) => fault switch
    {
        SmtpCommandException { StatusCode: var code } when (int)code >= 500 => new Delivery.Rejected($"the server answered {(int)code}"),
        SmtpCommandException { StatusCode: var code } => new Delivery.Away($"the server answered {(int)code}"),
        EnvironmentException unusable => new Delivery.Rejected(unusable.Message),
        AuthenticationException => new Delivery.Rejected("the server does not take the username and password"),
        SslHandshakeException => new Delivery.Away("no TLS connection could be made; see that the server's certificate is for this name and current, and give its authority as caFile where the machine does not trust it"),
        NotSupportedException => new Delivery.Rejected("the server does not offer STARTTLS, or no way of signing in; see 'security'"),
        ProtocolException or ServiceNotConnectedException => new Delivery.Away("the server broke off or does not speak SMTP"),
        IOException or System.Net.Sockets.SocketException => new Delivery.Away("it cannot be connected to"),
        _ => null,
    };

    private static bool IsAddress(string text) =>
        MailboxAddress.TryParse(text.Trim(), out var address) && address.Address.Contains('@', StringComparison.Ordinal) && !text.Any(char.IsControl);
}
