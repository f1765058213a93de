namespace Omis.Agent.Examining;

/// <summary>Whether a folder that the config names can be written by whoever asks, be it there yet or not.</summary>
/// <param name="key">The config's key for it, of which remedies speak.</param>
internal sealed class FolderExam(string check, string key)
{
    public Finding Examine(string directory)
    {
        if (File.Exists(directory))
        {
            return Finding.Failed(check, directory, "a file is in the way of the directory", $"move it away, or change {key}");
        }

        var place = directory;
        while (!Directory.Exists(place) && Path.GetDirectoryName(place) is { } parent)
        {
            place = parent;
        }

        return Fault(() => File.Create(Path.Combine(place, $".omis-agent-{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose).Dispose()) is { } fault
            ? NotWritable(directory, $"in {place}", fault)
            : Finding.Ok(check, directory, place == directory ? "is writable" : $"is not there yet and can be made in {place}");
    }

    /// <returns>Null where it can be written on. Nothing is written.</returns>
    public Finding? Existing(string file) =>
        Fault(() => File.Open(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose()) is { } fault ? NotWritable(file, "to it", fault) : null;

    private Finding NotWritable(string subject, string where, string fault) => Finding.Failed(
        check,
        subject,
        $"user {Environment.UserName} cannot write {where} ({fault})",
        $"run as the service's user, give it to that user (systemd-tmpfiles --create omis-agent.conf), or change {key}");

    private static string? Fault(Action attempt)
    {
        try
        {
            attempt();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault is UnauthorizedAccessException ? "permission denied" : fault.Message;
        }
    }
}
