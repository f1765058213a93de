namespace Omis.Agent.Tests.Configuration;

/// <summary>Every error names its path, what was found and what would be right.</summary>
public sealed class ConfigErrorTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Theory]
    [InlineData("[]", "", "found a list, expected an object")]
    [InlineData("""{ "chekc": {} }""", "chekc", "unknown key; the nearest known key is 'check'")]
    [InlineData("""{ "check": { "evry": "1m" } }""", "check.evry", "the nearest known key is 'every'")]
    [InlineData("""{ "Check": {} }""", "Check", "the nearest known key is 'check'")]
    [InlineData("""{ "registries": { "r.io": { "passwrdFile": "x" } } }""", "registries[\"r.io\"].passwrdFile", "the nearest known key is 'passwordFile'")]
    [InlineData("""{ "defaults": { "services": {} } }""", "defaults.services", "unknown key")]
    [InlineData("""{ "check": { "every": "1m", "every": "2m" } }""", "check.every", "given twice")]
    [InlineData("""{ "projects": { "a": {}, "a": {} } }""", "projects.a", "given twice")]
    [InlineData("""{ "registries": { "docker.io": {}, "index.docker.io": {} } }""", "registries[\"index.docker.io\"]", "docker.io is given twice")]
    [InlineData("""{ "check": [] }""", "check", "found a list, expected an object")]
    [InlineData("""{ "check": { "every": 5 } }""", "check.every", "found a number, expected a duration such as 90s or 1m30s")]
    [InlineData("""{ "check": { "every": null } }""", "check.every", "found null, expected a duration")]
    [InlineData("""{ "check": { "every": "5 min" } }""", "check.every", "found '5 min', expected a duration")]
    [InlineData("""{ "check": { "every": "999ms" } }""", "check.every", "at least 1s")]
    [InlineData("""{ "check": { "jitter": "10" } }""", "check.jitter", "a percentage")]
    [InlineData("""{ "check": { "jitter": "101%" } }""", "check.jitter", "from 0% to 100%")]
    [InlineData("""{ "check": { "every": "5m", "cron": "* * * * *" } }""", "check", "'cron' and 'every' are both given; expected one of them")]
    [InlineData("""{ "check": { "cron": "* * * *" } }""", "check.cron", "five or six fields")]
    [InlineData("""{ "check": { "cron": "0 0 30 2 *" } }""", "check.cron", "that some day meets")]
    [InlineData("""{ "check": { "timeZone": "Europe/Atlantis" } }""", "check.timeZone", "expected a time zone")]
    [InlineData("""{ "check": { "timeZone": "../../etc/passwd" } }""", "check.timeZone", "expected a time zone")]
    [InlineData("""{ "engine": { "endpoint": "ssh://host" } }""", "engine.endpoint", "unix:///PATH")]
    [InlineData("""{ "engine": { "endpoint": "/var/run/docker.sock" } }""", "engine.endpoint", "unix:///PATH")]
    [InlineData("""{ "engine": { "endpoint": "unix://" } }""", "engine.endpoint", "unix:///PATH")]
    [InlineData("""{ "engine": { "endpoint": "unix:/var/run/docker.sock" } }""", "engine.endpoint", "unix:///PATH")]
    [InlineData("""{ "engine": { "endpoint": "tcp://a:1 " } }""", "engine.endpoint", "unix:///PATH")]
    [InlineData("""{ "engine": { "certificateFile": "ca.pem" } }""", "engine", "'certificateFile' is given without 'keyFile'")]
    [InlineData("""{ "engine": { "caFile": "absent.pem" } }""", "engine.caFile", "found 'absent.pem', expected a file that exists")]
    [InlineData("""{ "engine": { "ca": "x" } }""", "engine.ca", "the nearest known key is 'caFile'")]
    [InlineData("""{ "defaults": { "update": "newer" } }""", "defaults.update", "found 'newer', expected one of auto, notify, never")]
    [InlineData("""{ "defaults": { "transaction": "Project" } }""", "defaults.transaction", "one of project, service")]
    [InlineData("""{ "defaults": { "keepPrevious": -1 } }""", "defaults.keepPrevious", "found -1, expected a whole number from 0 to 100")]
    [InlineData("""{ "defaults": { "keepPrevious": 1e400 } }""", "defaults.keepPrevious", "found 1e400")]
    [InlineData("""{ "defaults": { "keepPrevious": "1" } }""", "defaults.keepPrevious", "found a text")]
    [InlineData("""{ "defaults": { "revertBudget": "0s" } }""", "defaults.revertBudget", "at least 1s")]
    [InlineData("""{ "defaults": { "healthy": { "deadline": "5s" } } }""", "defaults.healthy.deadline", "the deadline (5s) comes before stableFor (10s)")]
    [InlineData("""{ "projects": { "a": { "services": { "b": { "healthy": { "stableFor": "6m" } } } } } }""", "projects.a.services.b.healthy.deadline", "comes before stableFor (6m)")]
    [InlineData("""{ "projects": { "a b": {} } }""", "projects[\"a b\"]", "this key is not a name of letters")]
    [InlineData("""{ "registries": { "https://r.io": {} } }""", "registries[\"https://r.io\"]", "the host of a registry")]
    [InlineData("""{ "registries": { "r.io": { "password": "x" } } }""", "registries[\"r.io\"]", "'password' is given without 'username'")]
    [InlineData("""{ "registries": { "r.io": { "username": "u", "password": "x", "azure": {} } } }""", "registries[\"r.io\"]", "'username' and 'azure' are both given")]
    [InlineData("""{ "registries": { "r.io": { "certificateFile": "absent.pem", "keyFile": "ca.pem" } } }""", "registries[\"r.io\"].certificateFile", "found 'absent.pem', expected a file that exists")]
    [InlineData("""{ "registries": { "r.io": { "certificateFile": "ca.pem" } } }""", "registries[\"r.io\"]", "'certificateFile' is given without 'keyFile'")]
    [InlineData("""{ "registries": { "r.io": { "certificateFile": "ca.pem", "keyFile": "ca.pem", "plainHttp": true } } }""", "registries[\"r.io\"].plainHttp", "a client certificate is shown over TLS only")]
    [InlineData("""{ "registries": { "r.io": { "plainHttp": "yes" } } }""", "registries[\"r.io\"].plainHttp", "found a text, expected true or false")]
    [InlineData("""{ "registries": { "r.io": { "azure": { "credential": "servicePrincipal" } } } }""", "registries[\"r.io\"].azure.credential", "needs clientId, tenantId and clientSecret or certificateFile")]
    [InlineData("""{ "registries": { "r.io": { "azure": { "credential": "msi" } } } }""", "registries[\"r.io\"].azure.credential", "one of managedIdentity, servicePrincipal, workloadIdentity, azureCli, default")]
    [InlineData("""{ "registries": { "r.io": { "azure": { "clientSecret": "x" } } } }""", "registries[\"r.io\"].azure.credential", "belong to a servicePrincipal")]
    [InlineData("""{ "registries": { "r.io": { "azure": { "certificatePassword": "x" } } } }""", "registries[\"r.io\"].azure", "'certificatePassword' is given without 'certificateFile'")]
    [InlineData("""{ "registries": { "r.io": { "azure": { "cloud": "mars" } } } }""", "registries[\"r.io\"].azure.cloud", "one of public, usGovernment, china")]
    [InlineData("""{ "registries": { "r.io": { "azure": {}, "plainHttp": true } } }""", "registries[\"r.io\"].plainHttp", "Azure's tokens travel over TLS only")]
    [InlineData("""{ "notify": { "slack": {} } }""", "notify.slack", "found an object, expected a list of hooks")]
    [InlineData("""{ "notify": { "slack": [ {} ] } }""", "notify.slack[0]", "'webhookUrl' is missing")]
    [InlineData("""{ "notify": { "teams": [ { "webhookUrl": "https://x.io", "on": [ "won" ] } ] } }""", "notify.teams[0].on[0]", "one of committed, reverted, stuck, refused, failed")]
    [InlineData("""{ "notify": { "webhook": [ { "webhookUrl": "https://x.io", "url": "https://x.io" } ] } }""", "notify.webhook[0].webhookUrl", "unknown key")]
    [InlineData("""{ "control": { "listen": "8480", "token": "t" } }""", "control.listen", "HOST:PORT")]
    [InlineData("""{ "control": { "listen": "127.0.0.1:99999", "token": "t" } }""", "control.listen", "HOST:PORT")]
    [InlineData("""{ "control": { "listen": "example.com:8480", "token": "t" } }""", "control.listen", "HOST:PORT of an address of this machine")]
    [InlineData("""{ "control": { "listen": "1:8480", "token": "t" } }""", "control.listen", "HOST:PORT of an address of this machine")]
    [InlineData("""{ "control": { "listen": "127.0.0.1:8480" } }""", "control", "'listen' is given without 'token'")]
    [InlineData("""{ "control": { "listen": "127.0.0.1:8480", "webhookSecret": "x" } }""", "control", "'listen' is given without 'token'")]
    [InlineData("""{ "check": { "debounce": "2" } }""", "check.debounce", "expected a duration")]
    [InlineData("""{ "state": { "directory": "" } }""", "state.directory", "expected a path")]
    public void An_error_names_its_path_and_what_would_be_right(string json, string path, string message)
    {
        var error = sandbox.Error(json);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "", "none of http, tcp, exec is given; expected exactly one")]
    [InlineData("""{ "tcp": "a:1", "http": "http://a" }""", "", "http and tcp are given; expected exactly one of http, tcp, exec")]
    [InlineData("""{ "http": "ftp://a" }""", ".http", "found 'ftp://a', expected an http or https URL")]
    [InlineData("""{ "http": "http://{host}/" }""", ".http", "{ip} and {port:8080}")]
    [InlineData("""{ "http": "http://127.0.0.1:{port:0}/" }""", ".http", "{ip} and {port:8080}")]
    [InlineData("""{ "tcp": "127.0.0.1" }""", ".tcp", "expected HOST:PORT")]
    [InlineData("""{ "tcp": "127.0.0.1:80", "status": 200 }""", ".status", "unknown key; the nearest known key is")]
    [InlineData("""{ "exec": [] }""", ".exec", "found an empty list, expected a list of a command and its arguments")]
    [InlineData("""{ "exec": "ls" }""", ".exec", "found a text, expected a list of a command")]
    [InlineData("""{ "exec": [ "ls", 1 ] }""", ".exec[1]", "found a number, expected a text")]
    [InlineData("""{ "http": "http://a", "status": "2xx" }""", ".status", "found '2xx', expected HTTP statuses")]
    [InlineData("""{ "http": "http://a", "status": "299-200" }""", ".status", "expected HTTP statuses")]
    [InlineData("""{ "http": "http://a", "status": 20.5 }""", ".status", "found '20.5', expected HTTP statuses")]
    [InlineData("""{ "http": "http://a", "body": "(" }""", ".body", "found '(', expected a regular expression")]
    [InlineData("""{ "http": "http://a", "method": "get it" }""", ".method", "an HTTP method")]
    [InlineData("""{ "http": "http://a", "headers": { "a b": "" } }""", ".headers[\"a b\"]", "the name of an HTTP header")]
    [InlineData("""{ "http": "http://a", "headers": { "Host": "a", "host": "b" } }""", ".headers.host", "given twice")]
    [InlineData("""{ "http": "http://a", "headers": { "X": "a\r\nb" } }""", ".headers.X", "one line of text")]
    [InlineData("""{ "http": "http://a", "timeout": "0s" }""", ".timeout", "at least 1ms")]
    [InlineData("""{ "http": "http://a", "every": "1ms" }""", ".every", "at least 100ms")]
    public void A_probe_names_its_error(string probe, string path, string message)
    {
        var error = sandbox.Error($$"""{ "projects": { "a": { "services": { "b": { "probes": [ {{probe}} ] } } } } }""");
        Assert.Equal("projects.a.services.b.probes[0]" + path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_come_at_once()
    {
        var result = sandbox.Parse("""
            {
              "chekc": 1,
              "check": { "every": 5, "jitter": "x" },
              "projects": { "a": { "soak": true, "services": { "b": { "probes": [ { "htpp": "x" }, 7 ] } } } },
              "notify": []
            }
            """);
        Assert.Null(result.Settings);
        Assert.Equal(
            [
                "chekc", "check.every", "check.jitter", "projects.a.soak", "projects.a.services.b.probes[0]",
                "projects.a.services.b.probes[0].htpp", "projects.a.services.b.probes[1]", "notify",
            ],
            result.Errors.Select(error => error.Path));
    }

    [Fact]
    public void An_endless_value_is_shown_in_brief() =>
        Assert.InRange(sandbox.Error($$"""{ "check": { "every": "{{new string('x', 100_000)}}" } }""").Message.Length, 1, 300);

    [Theory]
    [InlineData("tls", "tls", 0)]
    [InlineData("evry", "every", 1)]
    [InlineData("chekc", "check", 1)]
    [InlineData("", "soak", 4)]
    public void Distance_counts_edits_and_swaps(string one, string other, int distance) =>
        Assert.Equal(distance, Agent.Configuration.Shapes.NearestKey.Distance(one, other));
}
