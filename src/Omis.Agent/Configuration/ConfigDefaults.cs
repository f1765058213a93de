using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>Where things are when the config does not say.</summary>
internal static class ConfigDefaults
{
    public static string Path => OperatingSystem.IsWindows() ? ProgramData("omis-agent.json") : "/etc/omis-agent.json";

    public static readonly LogFileSettings LogFile = OperatingSystem.IsWindows() ? new() { Path = ProgramData(System.IO.Path.Combine("log", "omis-agent.log")) } : new();

    public static readonly AgentSettings OfThisSystem = OperatingSystem.IsWindows()
        ? new()
        {
            Engine = new(new Uri("npipe://./pipe/docker_engine")),
            StateDirectory = ProgramData(""),
            Control = new() { Socket = ProgramData("control.sock") },

            // A service has no console there, and no journal.
            Log = new() { File = LogFile },
        }
        : new() { Engine = new(new Uri("unix:///var/run/docker.sock")) };

    /// <summary>The engine is DOCKER_HOST's where that is set, as for every Docker client; the config's own endpoint is read later and wins.</summary>
    public static AgentSettings Settings(Reading reading) =>
        reading.Environment.GetValueOrDefault("DOCKER_HOST") is { Length: > 0 } host
            ? OfThisSystem with { Engine = new(EngineAddress.TryParse(host)) }
            : OfThisSystem;

    private static string ProgramData(string name) =>
        System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "omis-agent", name);
}
