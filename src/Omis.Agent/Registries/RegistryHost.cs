using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Tokens;

namespace Omis.Agent.Registries;

/// <summary>One registry and what is remembered of it: its turns, its cooldown, how it asks for credentials.</summary>
internal sealed class RegistryHost(RegistryAddress address, RegistryPatience patience, TimeProvider clock, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(patience.Turns);
    private readonly ConcurrentDictionary<string, Challenge> _challenges = new();

    public RegistryAddress Address { get; } = address;

    public Cooldown Cooldown { get; } = new(address.Name, clock);

    public Standing Standing { get; } = new(address.Name, patience, clock, logger);

    public void Dispose() => _turns.Dispose();

    /// <summary>Asks when it is its turn. Whoever waited while the registry was found dead hears so without asking again, or 300 images would wait for 300 timeouts.</summary>
    public async Task<RegistryAnswer> InTurnAsync(Func<Task<RegistryAnswer>> ask, CancellationToken ct)
    {
        var came = clock.GetTimestamp();
        if (Refusal(came) is { } refusal)
        {
            return refusal;
        }

        if (!await IsTurnAsync(ct))
        {
            return Failures.Unavailable($"{Address.Name} answers so slowly that this question was not put to it within {Durations.Text(patience.Queue)}");
        }

        try
        {
            return Refusal(came) ?? await ask();
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>What the repository asked for last time, to save asking without it first.</summary>
    public Challenge? ChallengeOf(string repository) => _challenges.GetValueOrDefault(repository);

    public void Remember(string repository, Challenge challenge) => _challenges[repository] = challenge;

    public void Forget(string repository) => _challenges.TryRemove(repository, out _);

    private async Task<bool> IsTurnAsync(CancellationToken ct)
    {
        using var end = new CancellationTokenSource(patience.Queue, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, ct);
        try
        {
            await _turns.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    private RegistryAnswer.Failed? Refusal(long came) => Cooldown.Refusal ?? Standing.Refusal(came);
}
