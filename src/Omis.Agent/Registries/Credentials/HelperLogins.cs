using System.Collections.Concurrent;

namespace Omis.Agent.Registries.Credentials;

/// <summary>What helpers said lately: a cycle over hundreds of images starts each helper once for a registry.</summary>
internal sealed class HelperLogins(CredentialHelper helpers, TimeProvider clock)
{
    /// <summary>Short, since what a helper gives may end soon and a new login must count.</summary>
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Helper, string Server), Said> _said = new();

    /// <exception cref="Core.Naming.EnvironmentException">The helper could not be asked.</exception>
    public async Task<RegistryCredential?> AskAsync(string helper, string server, CancellationToken ct)
    {
        var said = _said.AddOrUpdate((helper, server), Ask, (key, old) => IsGood(old) ? old : Ask(key));
        return await said.Answer.Value.WaitAsync(ct).ConfigureAwait(false);
    }

    public void Forget() => _said.Clear();

    private Said Ask((string Helper, string Server) key) =>
        new(clock.GetTimestamp(), new Lazy<Task<RegistryCredential?>>(() => helpers.AskAsync(key.Helper, key.Server)));

    /// <summary>A failure is given to those who wait for it, and not kept.</summary>
    private bool IsGood(Said said) =>
        !said.Answer.IsValueCreated || !said.Answer.Value.IsCompleted
        || (said.Answer.Value.IsCompletedSuccessfully && clock.GetElapsedTime(said.At) < Lasts);

    private sealed record Said(long At, Lazy<Task<RegistryCredential?>> Answer);
}
