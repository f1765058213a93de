namespace Omis.Agent.Core.Settings;

/// <summary>What the service logs. It counts from the service's start on.</summary>
public sealed record LogSettings
{
    /// <summary>Null for what is usual.</summary>
    public LogDetail? Level { get; init; }

    public LogFormat Format { get; init; }

    /// <summary>Null where there are no files.</summary>
    public LogFileSettings? File { get; init; }
}

public enum LogDetail
{
    Debug, Information, Warning, Error,
}

public enum LogFormat
{
    Text, Json,
}

/// <summary>Files that roll by day and by size, and never take more than <see cref="MaxSize"/> times <see cref="Keep"/>.</summary>
public sealed record LogFileSettings
{
    /// <summary>Bytes: room for some lines.</summary>
    public const long LeastSize = 10_000;

    public string Path { get; init; } = "/var/log/omis-agent/omis-agent.log";

    /// <summary>Bytes.</summary>
    public long MaxSize { get; init; } = 10_000_000;

    public int Keep { get; init; } = 10;

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(14);
}
