using System.Text;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Tests.Configuration;

/// <summary>A folder with a config's files beside it, and an environment of its own.</summary>
public sealed class ConfigSandbox : IDisposable
{
    public const string Secret = "s3cr3t-hunter2";

    /// <summary>As the contract shows it.</summary>
    public const string Example = """
        {
          "engine":   { "endpoint": "unix:///var/run/docker.sock" },          // or npipe://./pipe/docker_engine, tcp://… with TLS files
          "state":    { "directory": "/var/lib/omis-agent" },
          "control":  { "socket": "/run/omis-agent/control.sock", "listen": null },  // listen: "127.0.0.1:8480" for webhooks, metrics, the page
          "check":    { "every": "5m", "jitter": "10%" },                     // or "cron": "0 */5 * * * *" with "timeZone"
          "defaults": {
            "healthy": { "stableFor": "10s", "deadline": "5m" },
            "soak": "0s",
            "transaction": "project",                                         // or "service"
            "revertBudget": "2m",
            "keepPrevious": 1                                                 // images kept per service for rollback
          },
          "projects": {                                                       // only what differs from the defaults
            "omis-pc": {
              "soak": "30s",
              "services": {
                "backend":  { "probes": [ { "http": "http://127.0.0.1:5000/api/health", "status": "200-299", "body": "ok", "timeout": "3s", "every": "1s" } ],
                              "healthy": { "stableFor": "15s", "deadline": "2m" } },
                "csvtomdb": { "probes": [ { "tcp": "127.0.0.1:8080" }, { "exec": ["/bin/check"] } ] },
                "postgres": { "update": "never" }                             // "auto" (default) · "notify" (monitor only) · "never"
              }
            }
          },
          "registries": {
            "omispcacrprod.azurecr.io": { "azure": { "credential": "managedIdentity", "clientId": null } },   // or servicePrincipal, workloadIdentity, default
            "registry.example.com":     { "username": "ci", "passwordFile": "registry-password" },
            "127.0.0.1:5000":           { "plainHttp": true }                 // loopback registries need not say so
          },
          "notify": {
            "slack":   [ { "webhookUrlFile": "slack-url", "on": ["committed", "reverted", "stuck", "refused"] } ],
            "teams":   [ { "webhookUrlFile": "teams-url" } ],
            "webhook": [ { "url": "https://ops.example.com/hooks", "secretFile": "hook-secret" } ]
          }
        }
        """;

    public ConfigSandbox()
    {
        Write("slack-url", "https://hooks.slack.com/services/" + Secret + "\n");
        Write("teams-url", "https://teams.example.com/" + Secret + "\n");
        Write("hook-secret", Secret + "\n");
        Write("registry-password", Secret + "\n");
        Write("ca.pem", "PEM");
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("omis-config-").FullName;

    public Dictionary<string, string> Environment { get; } = [];

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public ConfigResult Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    public ConfigResult Parse(byte[] json) => ConfigFile.Parse(json, Folder, Environment);

    public AgentSettings Settings(string json)
    {
        var result = Parse(json);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }

    public ConfigError Error(string json)
    {
        var result = Parse(json);
        Assert.Null(result.Settings);
        return Assert.Single(result.Errors);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
