using System.Net;
using Omis.Agent.Engine.Tests.Faults;
using Omis.Agent.Engine.Tests.Rollouts;
using Omis.Agent.Testing;

namespace Omis.Agent.Engine.Tests.Service;

/// <summary>A real mail server from Debian's packages, with a certificate of an authority that the machine does not know.</summary>
public sealed class MailServerTests : IDisposable
{
    private const string Password = "planted-mail-password";

    private readonly TestCa ca = new();

    public void Dispose() => ca.Dispose();

    [Fact]
    public async Task A_mail_arrives_over_STARTTLS_with_a_password_where_the_servers_authority_is_named_and_only_there()
    {
        var modules = await LabScript.RunAsync("smtp");
        await using var home = new AgentHome(new EngineProxy(OneLeg.Mine(), "omis-mail-"));
        var mails = Directory.CreateDirectory(Path.Combine(home.Folder, "mails")).FullName;
        using var certificate = ca.Issue(IPAddress.Loopback);
        var (certificateFile, keyFile) = ca.Files(certificate);
        using var server = ChildProcess.Start(
            "python3",
            ["-B", Path.Combine(AppContext.BaseDirectory, "Service", "smtp-server.py"), certificateFile, keyFile, "agent", Password, mails],
            new Dictionary<string, string?> { ["PYTHONPATH"] = modules },
            home.Folder);
        await Eventually.BeAsync("the mail server listens", () => Task.FromResult(server.Output.Contains('\n', StringComparison.Ordinal) || server.HasExited));
        Assert.False(server.HasExited, server.Errors);
        var port = server.Output.Trim();

        Assert.Equal("no TLS connection could be made", (await SendAsync(home, port)).Split(": ")[^1].Split(';')[0]);
        Assert.Equal("the server does not take the username and password", (await SendAsync(home, port, $$""", "caFile": "{{ca.RootFile}}" """, "wrong")).Split(": ")[^1]);
        Assert.Empty(Directory.GetFiles(mails));

        Assert.Equal("took a test notice", await SendAsync(home, port, $$""", "caFile": "{{ca.RootFile}}" """));
        var mail = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(mails)));
        Assert.Matches("\\AX-Test-TLS: TLSv1\\.[23]\r\nX-Test-User: agent\r\n", mail);
        Assert.Contains("Subject: test notice from vm1", mail, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, mail, StringComparison.Ordinal);
    }

    /// <returns>What the doctor found.</returns>
    private static async Task<string> SendAsync(AgentHome home, string port, string more = "", string password = Password)
    {
        home.Configure($$"""
            { "notify": { "host": "vm1", "email": [ { "server": "127.0.0.1:{{port}}", "from": "agent@example.com", "to": "ops@example.com", "username": "agent", "password": "{{password}}" {{more}} } ] } }
            """);
        var doctor = await home.RunAsync("doctor", "--send-test", "--json");
        return doctor.Json["findings"]!.AsArray().Single(finding => finding!["check"].Text() == "notify")!["detail"].Text()!;
    }
}
