using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>What the service logs, and into which files besides standard error or the journal.</summary>
internal static class LogShape
{
    private static readonly ObjectShape<LogFileSettings> File = new ObjectShape<LogFileSettings>("an object", ConfigDefaults.LogFile)
        .Has("path", Texts.Place,
            "The newest file; its name gets the day, and a number where one is full.",
            file => file.Path, (file, value) => file with { Path = value })
        .Has("maxSize", Texts.Size,
            "How large one file grows before the next one is begun.",
            file => file.MaxSize, (file, value) => file with { MaxSize = value })
        .Has("keep", new CountShape(1, 1000),
            "How many files are kept, the newest among them.",
            file => file.Keep, (file, value) => file with { Keep = value })
        .Has("maxAge", Texts.DurationOf(TimeSpan.FromHours(1)),
            "How old a file may grow before it is removed.",
            file => file.MaxAge, (file, value) => file with { MaxAge = value })
        .Check("maxSize", file => file.MaxSize < LogFileSettings.LeastSize ? $"found {file.MaxSize}B, expected at least 10kB" : null);

    public static readonly ObjectShape<LogSettings> Log = new ObjectShape<LogSettings>("an object", new())
        .Has("level", Texts.OneOf<LogDetail?>(("debug", LogDetail.Debug), ("information", LogDetail.Information), ("warning", LogDetail.Warning), ("error", LogDetail.Error)),
            "What is logged; --verbose and OMIS_LOG win. Without it the service logs information.",
            log => log.Level, (log, value) => log with { Level = value })
        .Has("format", Texts.OneOf(("text", LogFormat.Text), ("json", LogFormat.Json)),
            "How the files are written: lines for people, or one JSON object in each.",
            log => log.Format, (log, value) => log with { Format = value })
        .Has("file", File,
            "Also into files, which roll by day and size; an empty object is enough.",
            log => log.File, (log, value) => log with { File = value });
}
