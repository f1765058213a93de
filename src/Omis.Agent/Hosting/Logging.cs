using System.Globalization;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Settings;
using Omis.Agent.Rendering;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Display;

namespace Omis.Agent.Hosting;

/// <summary>
/// Logs go to standard error as text, through the same <see cref="Screen"/> as progress, and a service's into files too. Serilog is configured here in
/// code and without destructuring ({@x}), which needs reflection.
/// </summary>
internal static class Logging
{
    /// <param name="log">Of a service: its files. Null for a command, which leaves none.</param>
    public static ILoggerFactory To(Screen screen, LogEventLevel level, bool journal = false, LogSettings? log = null)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", level > LogEventLevel.Debug ? LogEventLevel.Warning : level)
            .WriteTo.Sink(new ScreenSink(screen, stacks: level <= LogEventLevel.Debug, journal));
        if (log?.File is not null)
        {
            // A log file that cannot be written must not be lost silently, nor keep the service from its work.
            Serilog.Debugging.SelfLog.Enable(problem => screen.Line(journal ? Journald.Prefixed(LogEventLevel.Warning, Printable.Line(problem)) : Printable.Line(problem)));
            configuration = configuration.WriteTo.Into(log, level);
        }

        if (OperatingSystem.IsWindows() && log is not null && WindowsServiceHelpers.IsWindowsService())
        {
            configuration = configuration.WriteTo.Sink(new EventLogSink(), LogEventLevel.Warning);
        }

        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    public static LogEventLevel LevelOf(LogDetail detail) => detail switch
    {
        LogDetail.Debug => LogEventLevel.Debug,
        LogDetail.Warning => LogEventLevel.Warning,
        LogDetail.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };

    /// <summary><c>--verbose</c> wins, then OMIS_LOG, then what the verb is used to.</summary>
    /// <returns>Null where OMIS_LOG is none of the known words.</returns>
    public static LogEventLevel? Level(bool verbose, string? wanted, LogEventLevel usual) => (verbose, wanted?.ToUpperInvariant()) switch
    {
        (true, _) or (_, "DEBUG") => LogEventLevel.Debug,
        (_, null or "") => usual,
        (_, "INFORMATION" or "INFO") => LogEventLevel.Information,
        (_, "WARNING" or "WARN") => LogEventLevel.Warning,
        (_, "ERROR") => LogEventLevel.Error,
        _ => null,
    };

    /// <summary>What went wrong in one line; its stack only where debugging was asked for.</summary>
    private sealed class ScreenSink(Screen screen, bool stacks, bool journal) : ILogEventSink
    {
        private readonly MessageTemplateTextFormatter formatter = new(journal ? "{Message:l}" : "{Timestamp:HH:mm:ss} {Level:u3} {Message:l}", CultureInfo.InvariantCulture);

        public void Emit(LogEvent logEvent)
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            formatter.Format(logEvent, text);
            var fault = logEvent.Exception is not { } exception ? "" : stacks ? $"\n{exception}" : $" ({exception.GetType().Name}: {Printable.Line(exception.Message)})";
            var line = Printable.Line(text.ToString()) + fault;
            screen.Line(journal ? Journald.Prefixed(logEvent.Level, line) : line);
        }
    }
}
