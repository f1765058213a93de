using Microsoft.Extensions.Logging;

namespace Omis.Agent.Registries.Credentials;

/// <summary>The <c>auths</c> of docker's config.json, read again whenever the file has changed.</summary>
public sealed partial class DockerLogins(string path, ILogger<DockerLogins> logger) : IRegistryCredentials
{
    private const int MostBytes = 4 << 20;

    private volatile Reading _last = new(default, DockerConfig.Empty);

    /// <summary>Where docker itself looks: <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public static string DefaultPath() => DefaultPath(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG"),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    public ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct) => ValueTask.FromResult(Current().For(registry));

    internal static string DefaultPath(string? dockerConfig, string home) =>
        Path.Combine(string.IsNullOrEmpty(dockerConfig) ? Path.Combine(home, ".docker") : dockerConfig, "config.json");

    private DockerConfig Current()
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : default;
        if (stamp != _last.Stamp)
        {
            _last = new Reading(stamp, stamp == default ? DockerConfig.Empty : Read(stamp.Length));
        }

        return _last.Config;
    }

    /// <summary>A file that cannot be read is as none: the registry's own refusal then tells, and this line says why.</summary>
    private DockerConfig Read(long length)
    {
        try
        {
            return length <= MostBytes ? DockerConfig.Parse(File.ReadAllBytes(path)) : throw new InvalidDataException("it is too large");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            LogUnreadable(path, fault.Message);
            return DockerConfig.Empty;
        }
    }

    private readonly record struct Stamp(DateTime WrittenAt, long Length);

    private sealed record Reading(Stamp Stamp, DockerConfig Config);

    [LoggerMessage(3011, LogLevel.Warning, "Docker's logins in {Path} are not used: {Problem}")]
    private partial void LogUnreadable(string path, string problem);
}
