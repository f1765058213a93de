using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Tests.Configuration;

/// <summary>What a valid config comes to.</summary>
public sealed class ConfigSettingsTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void The_example_means_what_it_says()
    {
        var settings = sandbox.Settings(ConfigSandbox.Example);
        var pc = settings.Project("omis-pc");
        Assert.Equal(TimeSpan.FromSeconds(30), pc.Soak);
        Assert.Equal(UpdateMode.Never, pc.Services["postgres"].Update);

        var backend = pc.Services["backend"].Healthy;
        var http = Assert.IsType<ProbeSpec.Http>(Assert.Single(backend.Probes));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)), (backend.StableFor, backend.Deadline));
        Assert.Equal(("http://127.0.0.1:5000/api/health", "ok", TimeSpan.FromSeconds(3)), (http.Url, http.Body, http.Timeout));
        Assert.Equal([typeof(ProbeSpec.Tcp), typeof(ProbeSpec.Exec)], pc.Services["csvtomdb"].Healthy.Probes.Select(probe => probe.GetType()));

        Assert.Equal(AzureCredential.ManagedIdentity, settings.Registries["omispcacrprod.azurecr.io"].Azure!.Credential);
        Assert.Equal(("ci", ConfigSandbox.Secret), (settings.Registries["registry.example.com"].Username, settings.Registries["registry.example.com"].Password));
        Assert.True(settings.Registries["127.0.0.1:5000"].PlainHttp);
        Assert.Equal([NoticeEvent.Committed, NoticeEvent.Reverted, NoticeEvent.Stuck, NoticeEvent.Refused], settings.Notify.Channels[0].Rules.On);
        Assert.Equal("https://hooks.slack.com/services/" + ConfigSandbox.Secret, settings.Notify.Channels[0].Url);
    }

    [Fact]
    public void The_example_is_done_as_it_stands()
    {
        Assert.Empty(sandbox.Parse(ConfigSandbox.Example).Warnings);
        Assert.Empty(sandbox.Parse("{}").Warnings);
    }

    [Theory]
    [InlineData("0.0.0.0:8480", true)]
    [InlineData("[::]:8480", true)]
    [InlineData("192.168.1.5:8480", true)]
    [InlineData("127.0.0.1:8480", false)]
    [InlineData("127.1.2.3:8480", false)]
    [InlineData("[::1]:8480", false)]
    [InlineData("localhost:8480", false)]
    public void An_address_that_others_can_reach_is_warned_of(string listen, bool warned)
    {
        var result = sandbox.Parse($$"""{ "control": { "listen": "{{listen}}", "token": "{{new string('t', 16)}}" } }""");
        Assert.Equal(listen, result.Settings!.Control.Listen);
        Assert.Equal(warned ? ["control.listen"] : [], result.Warnings.Select(warning => warning.Path));
    }

    [Fact]
    public void A_secret_that_can_be_guessed_is_warned_of_and_not_shown()
    {
        var warnings = sandbox.Parse("""{ "control": { "listen": "127.0.0.1:1", "token": "hunter2", "webhookSecret": "hunter2" } }""").Warnings;
        Assert.Equal(["control.token", "control.webhookSecret"], warnings.Select(warning => warning.Path));
        Assert.All(warnings, warning => Assert.DoesNotContain("hunter2", warning.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_project_inherits_from_the_defaults_and_a_service_from_its_project_wherever_they_stand()
    {
        var settings = sandbox.Settings("""
            {
              "projects": {
                "a": {
                  "services": { "one": { "healthy": { "deadline": "3m" } }, "two": { "update": "never" } },
                  "healthy": { "stableFor": "20s" },
                  "update": "notify",
                },
                "b": { "soak": "0s" },
              },
              "defaults": { "healthy": { "deadline": "4m" }, "soak": "9s", "transaction": "service", "keepPrevious": 3, "revertBudget": "1m" },
            }
            """);
        var (a, b) = (settings.Project("a"), settings.Project("b"));
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(3)), (a.Services["one"].Healthy.StableFor, a.Services["one"].Healthy.Deadline));
        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(4)), (a.Services["two"].Healthy.StableFor, a.Services["two"].Healthy.Deadline));
        Assert.Equal((UpdateMode.Notify, UpdateMode.Never), (a.Services["one"].Update, a.Services["two"].Update));
        Assert.Equal((TimeSpan.FromSeconds(9), true, 3, TimeSpan.FromMinutes(1)), (a.Soak, a.PerService, a.KeepPrevious, a.RevertBudget));
        Assert.Equal((TimeSpan.Zero, UpdateMode.Auto), (b.Soak, b.Update));
        Assert.Equal(TimeSpan.FromSeconds(9), settings.Project("elsewhere").Soak);
    }

    [Theory]
    [InlineData("Docker.IO", "docker.io")]
    [InlineData("index.docker.io", "docker.io")]
    [InlineData("Registry.Example.COM:8443", "registry.example.com:8443")]
    [InlineData("localhost", "localhost")]
    [InlineData("[::1]:5000", "[::1]:5000")]
    public void A_registry_is_called_as_its_images_call_it(string key, string host) =>
        Assert.Equal([host], sandbox.Settings($$"""{ "registries": { "{{key}}": { "plainHttp": true } } }""").Registries.Keys);

    [Theory]
    [InlineData("200", "200-200")]
    [InlineData("\"200,204\"", "200-200 204-204")]
    [InlineData("\"200-299, 404\"", "200-299 404-404")]
    public void Statuses_are_a_number_a_list_or_a_range(string status, string ranges)
    {
        var probe = (ProbeSpec.Http)Probe($$"""{ "http": "https://{ip}:{port:8443}/h?q=1", "status": {{status}} }""");
        Assert.Equal(ranges, string.Join(" ", probe.Status.Select(range => $"{range.From}-{range.To}")));
    }

    [Fact]
    public void A_probe_takes_all_its_keys()
    {
        var probe = (ProbeSpec.Http)Probe("""
            { "http": "http://a", "method": "HEAD", "headers": { "X-A": "1", "X-File": "2", "AuthorizationFile": "hook-secret" }, "body": "^(?!down)",
              "timeout": "5s", "every": "250ms", "caFile": "ca.pem", "insecure": true }
            """);
        Assert.Equal("HEAD", probe.Method);
        Assert.Equal([("Authorization", ConfigSandbox.Secret), ("X-A", "1"), ("X-File", "2")], probe.Headers.Select(header => (header.Key, header.Value)));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(250)), (probe.Timeout, probe.Every));
        Assert.Equal((Path.Combine(sandbox.Folder, "ca.pem"), true), (probe.CaFile, probe.Insecure));
    }

    [Theory]
    [InlineData("0 */5 * * * *")]
    [InlineData("*/5 * * * *")]
    [InlineData("0 3 * * MON-FRI")]
    public void Cron_has_five_fields_or_six(string cron)
    {
        var check = sandbox.Settings($$"""{ "check": { "cron": "{{cron}}", "timeZone": "UTC", "jitter": "2.5%" } }""").Check;
        Assert.Equal((cron, "UTC", 0.025), (check.Cron, check.TimeZone.Id, check.Jitter));
    }

    [Theory]
    [InlineData("""{}""", null, "unix:///var/run/docker.sock")]
    [InlineData("""{}""", "", "unix:///var/run/docker.sock")]
    [InlineData("""{}""", "tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375")]
    [InlineData("""{ "engine": {} }""", "tcp://10.0.0.1:2375", "tcp://10.0.0.1:2375")]
    [InlineData("""{ "engine": { "endpoint": "npipe://./pipe/docker_engine" } }""", "tcp://10.0.0.1:2375", "npipe://./pipe/docker_engine")]
    [InlineData("""{ "engine": { "endpoint": "https://h:2376", "caFile": "ca.pem", "certificateFile": "ca.pem", "keyFile": "ca.pem" } }""", "ssh://x", "https://h:2376")]
    public void The_config_names_the_engine_then_DOCKER_HOST_then_the_system(string json, string? host, string endpoint)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the system's own socket is a pipe there");
        if (host is not null)
        {
            sandbox.Environment["DOCKER_HOST"] = host;
        }

        Assert.Equal(endpoint, sandbox.Settings(json).Engine.Endpoint!.OriginalString);
    }

    [Fact]
    public void A_DOCKER_HOST_that_no_one_can_reach_is_an_error_and_not_shown()
    {
        sandbox.Environment["DOCKER_HOST"] = "ssh://user@" + ConfigSandbox.Secret;
        var error = sandbox.Error("{}");
        Assert.Equal("engine.endpoint", error.Path);
        Assert.Contains("DOCKER_HOST", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ConfigSandbox.Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_means_silence_where_silence_is_the_default()
    {
        var settings = sandbox.Settings("""{ "control": { "listen": null }, "check": { "cron": null, "every": "1m" }, "registries": { "q.io": { "azure": { "cloud": null } }, "r.io": { "azure": null, "username": null } } }""");
        Assert.Null(settings.Control.Listen);
        Assert.Null(settings.Registries["r.io"].Azure);
    }

    [Fact]
    public void Relative_places_start_beside_the_config() =>
        Assert.Equal(Path.Combine(sandbox.Folder, "state"), sandbox.Settings("""{ "state": { "directory": "./state" } }""").StateDirectory);

    private ProbeSpec Probe(string probe) =>
        Assert.Single(sandbox.Settings($$"""{ "projects": { "a": { "services": { "b": { "probes": [ {{probe}} ] } } } } }""").Projects["a"].Services["b"].Healthy.Probes);
}
