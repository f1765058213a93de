using System.Collections.Concurrent;
using Omis.Agent.Core.Checking;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries;

/// <summary>One registry and what is remembered of it: its turns, its cooldown, how it asks for credentials.</summary>
internal sealed class RegistryHost(RegistryAddress address, int turns, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(turns);
    private readonly ConcurrentDictionary<string, Challenge> _challenges = new();
    private volatile Outage? _outage;

    public RegistryAddress Address { get; } = address;

    public Cooldown Cooldown { get; } = new(address.Name, clock);

    public void Dispose() => _turns.Dispose();

    /// <summary>Asks when it is its turn. Whoever waited while the registry was found dead hears so without asking again, or 300 images would wait for 300 timeouts.</summary>
    public async Task<RegistryAnswer> InTurnAsync(Func<Task<RegistryAnswer>> ask, CancellationToken ct)
    {
        var came = clock.GetTimestamp();
        if (Cooldown.Refusal is { } refusal)
        {
            return refusal;
        }

        await _turns.WaitAsync(ct);
        try
        {
            return Known(came) ?? await ask();
        }
        finally
        {
            _turns.Release();
        }
    }

    public void NoteAnswer() => _outage = null;

    public void NoteOutage(RegistryAnswer.Failed failure) => _outage = new Outage(clock.GetTimestamp(), failure);

    /// <summary>What the repository asked for last time, to save asking without it first.</summary>
    public Challenge? ChallengeOf(string repository) => _challenges.GetValueOrDefault(repository);

    public void Remember(string repository, Challenge challenge) => _challenges[repository] = challenge;

    public void Forget(string repository) => _challenges.TryRemove(repository, out _);

    private RegistryAnswer.Failed? Known(long came) =>
        Cooldown.Refusal ?? (_outage is { } outage && outage.At > came ? outage.Failure : null);

    private sealed record Outage(long At, RegistryAnswer.Failed Failure);
}
