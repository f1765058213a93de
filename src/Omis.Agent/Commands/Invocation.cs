using System.CommandLine;
using Microsoft.Extensions.Logging;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Serilog.Events;

namespace Omis.Agent.Commands;

/// <summary>One verb being carried out: its surroundings, its options, and what it needs made from them.</summary>
internal sealed class Invocation(Surroundings around, ParseResult parsed, LogEventLevel usualLevel) : IDisposable
{
    private ILoggerFactory? logging;
    private LogSettings? log;

    public Surroundings Around => around;

    public ParseResult Parsed => parsed;

    public Answer Answer { get; } = new(around, parsed.GetValue(GlobalOptions.Json));

    public ILoggerFactory Logging => logging ??= Hosting.Logging.To(around.Error, Level, Journald.Reads(around.Environment, Environment.ProcessId), log);

    public bool Debugs => Level <= LogEventLevel.Debug;

    private LogEventLevel Level => LevelOf(around, parsed, log?.Level is { } wanted ? Hosting.Logging.LevelOf(wanted) : usualLevel);

    public ConfigResult LoadConfig() => ConfigFile.Load(parsed.GetValue(GlobalOptions.Config), around.Environment);

    public string ConfigFingerprint() => ConfigFile.Fingerprint(parsed.GetValue(GlobalOptions.Config));

    /// <exception cref="ConfigException">There is any error in it.</exception>
    public AgentSettings Settings()
    {
        var result = LoadConfig();
        Warn(result);
        return result.Settings ?? throw new ConfigException(result);
    }

    public void Warn(ConfigResult result)
    {
        foreach (var warning in result.Warnings)
        {
            around.Error.Line($"warning: {warning}");
        }
    }

    public Memory OpenMemory(AgentSettings settings) => Memory.Open(settings, Logging, around.Time);

    public Memory OpenMemoryForReading(AgentSettings settings) => Memory.OpenForReading(settings, Logging, around.Time);

    public Composition Compose(AgentSettings settings, Memory memory) => new(settings, memory, around.Outside, Logging, around.Time);

    /// <summary>Before anything is logged: as the service's config says.</summary>
    public void LogAs(LogSettings settings) => log = settings;

    public void Dispose() => logging?.Dispose();

    private static LogEventLevel LevelOf(Surroundings around, ParseResult parsed, LogEventLevel usual)
    {
        var wanted = around.Environment.GetValueOrDefault("OMIS_LOG");
        return Hosting.Logging.Level(parsed.GetValue(GlobalOptions.Verbose), wanted, usual)
            ?? throw new UsageException($"OMIS_LOG is '{wanted}'; expected debug, information, warning or error");
    }
}
