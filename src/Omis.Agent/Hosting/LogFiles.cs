using System.Globalization;
using Omis.Agent.Core.Settings;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Omis.Agent.Hosting;

/// <summary>Rolling files beside standard error: a new one each day and where one is full; old and surplus ones go.</summary>
internal static class LogFiles
{
    /// <summary>The rollout's id stands in every line that belongs to one.</summary>
    private const string Line = "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {Rollout:l} {Message:l}{NewLine}{Exception}";

    public static LoggerConfiguration Into(this LoggerSinkConfiguration sinks, LogSettings log, LogEventLevel level) =>
        sinks.File(
            Formatter(log.Format),
            Name(log.File!.Path),
            level,
            log.File.MaxSize,
            rollingInterval: RollingInterval.Day,
            rollOnFileSizeLimit: true,
            retainedFileCountLimit: log.File.Keep,
            retainedFileTimeLimit: log.File.MaxAge);

    /// <summary>Serilog puts the day at the end of the name, before its ending.</summary>
    private static string Name(string path) =>
        Path.Combine(Path.GetDirectoryName(path) ?? "", $"{Path.GetFileNameWithoutExtension(path)}-{Path.GetExtension(path)}");

    private static ITextFormatter Formatter(LogFormat format) =>
        format == LogFormat.Json ? new RenderedCompactJsonFormatter() : new MessageTemplateTextFormatter(Line, CultureInfo.InvariantCulture);
}
