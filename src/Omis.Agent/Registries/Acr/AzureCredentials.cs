using System.Collections.Concurrent;
using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Registries.Credentials;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries.Acr;

/// <summary>
/// Azure Container Registries without a password: signs in, and keeps the refresh token that the registry gives for it
/// until shortly before its end. Nothing is asked, and nothing of Azure's loaded, before the first question.
/// </summary>
internal sealed class AzureCredentials(ImmutableDictionary<string, RegistrySettings> registries, SignIn signIn, RegistryPatience patience, TimeProvider clock)
    : IRegistryCredentials, IDisposable
{
    /// <summary>How long a failure is repeated instead of tried again: three hundred images must not make three hundred sign-ins.</summary>
    private static readonly TimeSpan FailureLasts = TimeSpan.FromSeconds(30);

    private readonly ImmutableDictionary<string, RegistrySettings> _registries = RegistryNames.Canonical(registries);
    private readonly ConcurrentDictionary<string, string> _rejected = new();
    private readonly ConcurrentDictionary<string, (long At, RegistryAnswer.Failed Failure)> _failures = new();
    private readonly TokenCache _tokens = new(clock);
    private readonly Transports _transports = new();

    public async ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct)
    {
        var name = RegistryNames.Canonical(registry);
        if (_registries.GetValueOrDefault(name) is not { Azure: { } azure } settings || !RegistryAddress.TryOf(name, settings, out var address))
        {
            return null;
        }

        if (_failures.TryGetValue(name, out var failed) && clock.GetElapsedTime(failed.At) < FailureLasts)
        {
            throw Fault(failed.Failure);
        }

        var key = new TokenKey(name, "oauth2/exchange", name, "registry", Credential: null);
        var (answer, _) = _tokens.Get(key, _rejected.GetValueOrDefault(name), () => SignInAsync(address, azure));
        return await answer.WaitAsync(ct) switch
        {
            TokenAnswer.Granted granted => new RegistryCredential.IdentityToken(granted.Token.Value) { Owner = Identity.Of(azure), Remedy = Identity.Role(azure, name) },
            TokenAnswer.Refused refused => throw Fault(refused.Failure),
            _ => throw new InvalidOperationException("a closed set"),
        };
    }

    public void Refused(string registry, RegistryCredential credential)
    {
        if (credential is RegistryCredential.IdentityToken identity && RegistryNames.Canonical(registry) is var name && _registries.GetValueOrDefault(name)?.Azure is not null)
        {
            _rejected[name] = identity.Token;
        }
    }

    public void Dispose() => _transports.Dispose();

    private async Task<TokenAnswer> SignInAsync(RegistryAddress address, AzureSettings azure)
    {
        try
        {
            var cloud = Cloud.Of(address.Name, azure.Cloud);
            var entra = (await signIn.TokenAsync(cloud, azure, Cloud.Registries, MayHaveManagement(address) ? cloud.Management : null)).Token;
            var token = await new Exchange(new Courier(_transports, Retries.Of(patience, clock)), clock).RefreshTokenAsync(address, azure, entra);
            _failures.TryRemove(address.Name, out _);
            return new TokenAnswer.Granted(token);
        }
        catch (EnvironmentException fault)
        {
            var failure = new RegistryAnswer.Failed(fault.Code, fault.Message);
            _failures[address.Name] = (clock.GetTimestamp(), failure);
            return new TokenAnswer.Refused(failure);
        }
    }

    /// <summary>That token opens more than registries, so it goes to nobody but Azure's own.</summary>
    private static bool MayHaveManagement(RegistryAddress address) =>
        RegistryAddress.IsLoopback(address.Root) || Cloud.OfHost(address.Root.IdnHost) is not null;

    private static EnvironmentException Fault(RegistryAnswer.Failed failure) => new(failure.Code, failure.Detail);
}
