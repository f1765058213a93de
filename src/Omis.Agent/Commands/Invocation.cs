using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Omis.Agent.Configuration;
using Omis.Agent.Control.Client;
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

    /// <summary>The service that runs with this config's socket and state. It has a config already, so that mistakes in the file are only told.</summary>
    /// <returns>Null where none runs.</returns>
    /// <exception cref="ForbiddenException">One may, and this user may not call it.</exception>
    /// <exception cref="SilentServiceException">It does not answer.</exception>
    public async Task<ServiceClient?> TryServiceAsync(CancellationToken ct)
    {
        var config = LoadConfig();
        if ((config.Settings ?? config.Unchecked) is not { } settings || await ServiceClient.TryOpenAsync(settings.Control.Socket, settings.StateDirectory, ct) is not { } service)
        {
            return null;
        }

        Warn(config);
        foreach (var error in config.Errors)
        {
            around.Error.Line($"warning: {error}; the service goes on with the config that it has");
        }

        return service;
    }

    /// <summary>For what the state can answer as well: a service that is silent is told of, and no fault.</summary>
    /// <returns>Null where the state has to answer.</returns>
    public async Task<T?> TryAskServiceAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
        where T : class
    {
        try
        {
            using var service = await TryServiceAsync(ct);
            return service is null ? null : await service.AskAsync(path, type, ct);
        }
        catch (SilentServiceException fault)
        {
            around.Error.Line($"warning: {fault.Message}; this is what its state says");
            return null;
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
