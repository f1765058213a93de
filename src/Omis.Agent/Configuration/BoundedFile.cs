namespace Omis.Agent.Configuration;

/// <summary>Reads a whole small file. What is no file, or has no end, is a fault and not an exception.</summary>
internal static class BoundedFile
{
    public const int ConfigBytes = 1024 * 1024;
    public const int SecretBytes = 64 * 1024;

    public static FileText Read(string path, int limit)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[file.CanSeek ? Math.Clamp(file.Length + 1, 1024, limit + 1) : limit + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length < bytes.Length ? new(bytes[..length]) : new(null, $"is larger than {limit / 1024} KiB");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, "does not exist", Missing: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // The exception's own text repeats the path, which may have come from a variable.
            return new(null, e is UnauthorizedAccessException ? "may not be read (or is a directory)" : "cannot be read");
        }
    }
}

/// <param name="Bytes">Null where there is a fault.</param>
internal readonly record struct FileText(byte[]? Bytes, string Fault = "", bool Missing = false);
