using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries.Credentials;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries;

/// <summary>
/// Asks any registry that speaks the distribution protocol. Keeps connections, tokens and cooldowns from one cycle to
/// the next, so make one and keep it. Nothing is thrown but the caller's own cancellation.
/// Source: github.com/opencontainers/distribution-spec.
/// </summary>
public sealed partial class OciRegistry : IImageRegistry, IRegistryGreeter, IDisposable
{
    /// <summary>Realms give tokens for repositories, even for one that need not be there.</summary>
    private const string NoRepository = "omis-agent/doctor";

    private readonly IRegistryCredentials _credentials;
    private readonly RegistryPatience _patience;
    private readonly TimeProvider _clock;
    private readonly ILogger<OciRegistry> _logger;
    private readonly Transports _transports = new();
    private readonly RegistryHosts _hosts;
    private readonly Manifests _manifests;
    private readonly Insides _insides = new();

    /// <param name="registries">By registry host, as in the settings.</param>
    public OciRegistry(
        ImmutableDictionary<string, RegistrySettings> registries,
        IRegistryCredentials credentials,
        TimeProvider clock,
        ILogger<OciRegistry> logger,
        RegistryPatience? patience = null)
    {
        (_credentials, _clock, _logger, _patience) = (credentials, clock, logger, patience ?? new RegistryPatience());
        _hosts = new RegistryHosts(registries, _patience, clock, logger);
        var courier = new Courier(_transports, Retries.Of(_patience, clock));
        var office = new PassOffice(new TokenClient(courier, _patience.Timeout, clock), new TokenCache(clock));
        _manifests = new Manifests(new Admission(courier, office));
    }

    public Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct) => AnswerAsync(reference, _manifests.DigestAsync, ct);

    public async Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct)
    {
        var image = ImageReference.Parse(reference.At(found.Digest));
        return _insides.Of(image) is { } known ? known : _insides.Keep(image, await AnswerAsync(image, _manifests.ReadAsync, ct));
    }

    public Task<RegistryAnswer> GreetAsync(string registry, CancellationToken ct) =>
        ImageReference.TryParse($"{registry}/{NoRepository}", out var nothing)
            ? AnswerAsync(nothing, _manifests.GreetAsync, ct)
            : Task.FromResult<RegistryAnswer>(Failures.Unavailable($"'{registry}' is not a host that could be asked"));

    public void Dispose()
    {
        _transports.Dispose();
        _hosts.Dispose();
    }

    private async Task<RegistryAnswer> AnswerAsync(ImageReference reference, Func<Asked, CancellationToken, Task<RegistryAnswer>> question, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_hosts.TryGet(reference.Registry, out var host))
        {
            return Failures.Unavailable($"'{reference.Registry}' is not a host that could be asked");
        }

        var answer = await host.InTurnAsync(() => AskAsync(host, reference, question, ct), ct);
        if (answer is RegistryAnswer.Failed failed)
        {
            LogFailed(reference.ToString(), failed.Code, failed.Detail);
        }

        return answer;
    }

    private async Task<RegistryAnswer> AskAsync(RegistryHost host, ImageReference reference, Func<Asked, CancellationToken, Task<RegistryAnswer>> question, CancellationToken ct)
    {
        var began = _clock.GetTimestamp();
        using var timer = new CancellationTokenSource(_patience.Timeout, _clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            var credential = await _credentials.ForAsync(host.Address.Name, deadline.Token);
            var answer = await question(new Asked(host, reference, credential, began), deadline.Token);
            if (credential is not null && answer is RegistryAnswer.Failed { Code: ReasonCode.RegistryUnauthorized })
            {
                _credentials.Refused(host.Address.Name, credential);
            }

            if (answer is not RegistryAnswer.Failed { Code: ReasonCode.RegistryUnavailable })
            {
                host.Standing.Mend();
            }

            return Learnt(host, reference, answer);
        }
        catch (EnvironmentException fault) when (!ct.IsCancellationRequested)
        {
            // A credential or a file of this machine could not be had, which says nothing about the registry.
            return Learnt(host, reference, new RegistryAnswer.Failed(fault.Code, fault.Message));
        }
        catch (Exception fault)
        {
            ct.ThrowIfCancellationRequested();
            return Learnt(host, reference, host.Standing.Break(Failures.Unavailable(Explained(fault, host)), began));
        }
    }

    /// <summary>After a failure the next question starts bare: the realm or the scheme may have changed.</summary>
    private static RegistryAnswer Learnt(RegistryHost host, ImageReference reference, RegistryAnswer answer)
    {
        if (answer is RegistryAnswer.Failed { Code: ReasonCode.RegistryUnavailable or ReasonCode.RegistryUnauthorized })
        {
            host.Forget(reference.Repository);
        }

        return answer;
    }

    private string Explained(Exception fault, RegistryHost host)
    {
        if (TransportFaults.Explain(fault, host.Address.Name, _patience.Timeout) is { } detail)
        {
            return detail;
        }

        // The type only: a message nobody foresaw may hold what nobody may see.
        LogUnexpected(host.Address.Name, fault.GetType().FullName);
        return $"asking {host.Address.Name} failed unexpectedly ({fault.GetType().Name})";
    }

    [LoggerMessage(3001, LogLevel.Debug, "No digest for {Image}: {Code}, {Detail}")]
    private partial void LogFailed(string image, ReasonCode code, string detail);

    [LoggerMessage(3002, LogLevel.Error, "Asking {Registry} met an unexpected {Fault}")]
    private partial void LogUnexpected(string registry, string? fault);
}
