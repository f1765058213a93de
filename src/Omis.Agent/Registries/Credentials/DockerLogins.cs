using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries.Credentials;

/// <summary>
/// The logins of docker's config.json, read again whenever the file has changed: a registry's own helper, then the
/// store's, then what stands in the file. Source: docker/cli, cli/config/configfile/file.go, GetCredentialsStore.
/// </summary>
internal sealed partial class DockerLogins(string path, HelperLogins helpers, ILogger<DockerLogins> logger) : IRegistryCredentials
{
    private const int MostBytes = 4 << 20;

    private volatile Reading _last = new(default, DockerConfig.Empty);
    private volatile string? _storeProblem;

    /// <summary>Where docker itself looks: <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public static string DefaultPath() => DefaultPath(
        Environment.GetEnvironmentVariable("DOCKER_CONFIG"),
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    public async ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct)
    {
        var config = Current();
        var server = RegistryNames.Canonical(registry) is RegistryNames.DockerHub ? RegistryNames.DockerHubLogin : registry;
        var kept = config.HelperOf(registry) is { } own ? own.Length == 0 ? null : await helpers.AskAsync(own, server, ct).ConfigureAwait(false)
            : config.Store is { } store ? await AskStoreAsync(store, server, ct).ConfigureAwait(false)
            : null;
        return kept ?? config.For(registry);
    }

    public void Refused(string registry, RegistryCredential credential) => helpers.Forget();

    internal static string DefaultPath(string? dockerConfig, string home) =>
        Path.Combine(string.IsNullOrEmpty(dockerConfig) ? Path.Combine(home, ".docker") : dockerConfig, "config.json");

    /// <summary>A store is asked for every registry, public ones too: one that fails is as none, as for docker, and this line says why.</summary>
    private async Task<RegistryCredential?> AskStoreAsync(string store, string server, CancellationToken ct)
    {
        try
        {
            var kept = await helpers.AskAsync(store, server, ct).ConfigureAwait(false);
            _storeProblem = null;
            return kept;
        }
        catch (EnvironmentException fault)
        {
            if (Interlocked.Exchange(ref _storeProblem, store) is null)
            {
                LogStore(fault.Message);
            }

            return null;
        }
    }

    private DockerConfig Current()
    {
        var file = new FileInfo(path);
        var stamp = file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : default;
        if (stamp != _last.Stamp)
        {
            helpers.Forget();
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

    [LoggerMessage(3012, LogLevel.Warning, "Registries are asked without a login: {Problem}")]
    private partial void LogStore(string problem);
}
