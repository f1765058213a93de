using System.Collections.Immutable;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Examining;

/// <summary>Whether the log files that the config asks for can be written: the service works without them, and nobody would notice.</summary>
internal static class LogExam
{
    private static readonly FolderExam Folder = new("log", "log.file.path");

    public static ImmutableArray<Finding> Examine(LogSettings log) => log.File is { } file ? [Examine(Path.GetFullPath(file.Path))] : [];

    private static Finding Examine(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        var found = Folder.Examine(directory);
        return found.State == FindingState.Ok && Newest(directory, path) is { } newest && Folder.Existing(newest) is { } fault ? fault : found;
    }

    /// <summary>The one that is written on, unless its day is over. Source: <see cref="Hosting.LogFiles"/>.</summary>
    private static string? Newest(string directory, string path) =>
        !Directory.Exists(directory) ? null
            : Directory.EnumerateFiles(directory, $"{Path.GetFileNameWithoutExtension(path)}-*{Path.GetExtension(path)}").Max(StringComparer.Ordinal);
}
