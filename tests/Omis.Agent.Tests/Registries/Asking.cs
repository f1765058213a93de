using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Tests.Registries;

/// <summary>Builders for the registry under test.</summary>
internal static class Asking
{
    /// <summary>Retries without waiting, so that tests that own the clock need not move it.</summary>
    public static readonly RegistryPatience Patience = new() { RetryDelay = TimeSpan.Zero, BackOff = TimeSpan.Zero };

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static OciRegistry Registry(TimeProvider? clock = null, RegistryPatience? patience = null, params (string Name, RegistrySettings Settings)[] registries)
    {
        var settings = registries.ToImmutableDictionary(entry => entry.Name, entry => entry.Settings);
        return new OciRegistry(settings, new SettingsCredentials(settings), clock ?? new FakeTimeProvider(), NullLogger<OciRegistry>.Instance, patience ?? Patience);
    }

    public static OciRegistry Registry(IRegistryCredentials credentials) =>
        new(ImmutableDictionary<string, RegistrySettings>.Empty, credentials, new FakeTimeProvider(), NullLogger<OciRegistry>.Instance, Patience);

    public static RegistrySettings Login(string username = "ci", string password = "s3cret-of-ci") => new() { Username = username, Password = password };

    public static ImageReference App(ScriptedServer server, string name = "team/app:1") => ImageReference.Parse($"{server.Authority}/{name}");

    public static async Task<Digest> FoundAsync(OciRegistry registry, ImageReference reference)
    {
        var answer = await registry.LatestAsync(reference, Ct);
        return (answer as RegistryAnswer.Found)?.Digest ?? throw Xunit.Sdk.FailException.ForFailure(answer.ToString());
    }

    public static async Task<RegistryAnswer.Failed> FailedAsync(OciRegistry registry, ImageReference reference, ReasonCode code)
    {
        var failed = Assert.IsType<RegistryAnswer.Failed>(await registry.LatestAsync(reference, Ct));
        return failed.Code == code ? failed : throw Xunit.Sdk.FailException.ForFailure($"expected {code}, found {failed}");
    }

    /// <summary>Until the server has seen so many requests; a test that waits in vain fails.</summary>
    public static Task SeenAsync(ScriptedServer server, int requests) => server.Seen(requests).WaitAsync(TimeSpan.FromSeconds(20), Ct);
}
