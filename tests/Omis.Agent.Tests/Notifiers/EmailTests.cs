using MimeKit;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

public sealed class EmailTests
{
    [Fact]
    public async Task A_mail_is_plain_text_in_the_thread_of_its_rollout_and_keeps_its_id()
    {
        await using var server = new SmtpServer(["8BITMIME"]);

        Assert.IsType<Delivery.Accepted>(await SendAsync(Channel(server), Message(Outcome.Stuck)));
        Assert.IsType<Delivery.Accepted>(await SendAsync(Channel(server), Message(Outcome.Stuck)));

        var (first, second) = (Mail(server, 0), Mail(server, 1));
        Assert.Equal("shop on vm1: STUCK, needs a person", first.Subject);
        Assert.Equal(["a@example.com"], first.From.Mailboxes.Select(box => box.Address));
        Assert.Equal(["b@example.com", "c@example.com"], first.To.Mailboxes.Select(box => box.Address));
        Assert.Contains("| cannot open `db`", first.TextBody, StringComparison.Ordinal);
        Assert.Equal((first.MessageId, MessageImportance.High), (second.MessageId, first.Importance));
        Assert.Equal("01JROLLOUT@vm1.omis-agent", Assert.Single(first.References));
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_neither_password_nor_mail()
    {
        await using var server = new SmtpServer(["AUTH PLAIN"]);

        var delivery = await SendAsync((Channel(server) with { Secret = Planted }).With("security", "startTls").With("username", "ann"), Message());

        Assert.IsType<Delivery.Rejected>(delivery);
        Assert.DoesNotContain(server.Commands, command => command.StartsWith("AUTH", StringComparison.Ordinal) || command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("MAIL", "451 later", true, "the server answered 451")]
    [InlineData("RCPT", "550 no such user", false, "the server answered 550")]
    [InlineData("DATA", "554 no", false, "the server answered 554")]
    public async Task What_may_pass_is_told_from_what_may_not(string command, string answer, bool away, string problem)
    {
        await using var server = new SmtpServer([], said => said.StartsWith(command, StringComparison.Ordinal) ? answer : null);

        var delivery = await SendAsync(Channel(server), Message());

        Assert.Equal((away, problem), (delivery is Delivery.Away, Problem(delivery)));
    }

    [Fact]
    public async Task Nobody_there_is_away()
    {
        var server = new SmtpServer([]);
        var channel = Channel(server);
        await server.DisposeAsync();

        Assert.Equal("it cannot be connected to", Assert.IsType<Delivery.Away>(await SendAsync(channel, Message())).Problem);
    }

    private static ChannelSettings Channel(SmtpServer server) => new ChannelSettings { Kind = "email", Name = "mail" }
        .With("server", server.Address).With("security", "none").With("from", "a@example.com").With("to", "b@example.com, c@example.com");

    private static MimeMessage Mail(SmtpServer server, int index)
    {
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(server.Mails.ElementAt(index)));
        return MimeMessage.Load(text);
    }
}
