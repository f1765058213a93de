using System.Collections.Concurrent;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Registries.Tokens;

/// <summary>What a token is good for, and whose it is. Another password is another key, so that a new login counts at once.</summary>
internal sealed record TokenKey(string Registry, string Realm, string? Service, string Scope, RegistryCredential? Credential);

/// <summary>Tokens kept from one cycle to the next; however many ask for one at once, it is fetched once.</summary>
internal sealed class TokenCache(TimeProvider clock)
{
    /// <summary>A registry that names a new scope in each challenge must not make us grow.</summary>
    private const int MostKeys = 4096;

    private readonly ConcurrentDictionary<TokenKey, Slot> _slots = new();

    /// <param name="rejected">The token that was just refused, if any: it is not given out again.</param>
    public (Task<TokenAnswer> Answer, bool Fresh) Get(TokenKey key, string? rejected, Func<Task<TokenAnswer>> fetch)
    {
        if (_slots.Count > MostKeys)
        {
            _slots.Clear();
        }

        return _slots.GetOrAdd(key, _ => new Slot(clock)).Get(rejected, fetch);
    }

    private sealed class Slot(TimeProvider clock)
    {
        private readonly Lock _gate = new();
        private TokenAnswer.Granted? _kept;
        private long _keptAt;
        private Task<TokenAnswer>? _flight;

        public (Task<TokenAnswer> Answer, bool Fresh) Get(string? rejected, Func<Task<TokenAnswer>> fetch)
        {
            lock (_gate)
            {
                if (_kept is { } kept && kept.Token.Value != rejected && clock.GetElapsedTime(_keptAt) < Usable(kept.Token.Lifetime))
                {
                    return (Task.FromResult<TokenAnswer>(kept), false);
                }

                _kept = null;
                _flight ??= FlyAsync(fetch);
                return (_flight, true);
            }
        }

        /// <summary>A tenth before its end, at most a minute: a token must outlast the question that carries it.</summary>
        private static TimeSpan Usable(TimeSpan lifetime) =>
            lifetime - TimeSpan.FromSeconds(Math.Min(lifetime.TotalSeconds / 10, 60));

        private async Task<TokenAnswer> FlyAsync(Func<Task<TokenAnswer>> fetch)
        {
            // Off the caller's path: the lock is held while the flight is booked.
            await Task.Yield();
            var askedAt = clock.GetTimestamp();
            try
            {
                var answer = await fetch();
                Land(answer as TokenAnswer.Granted, askedAt);
                return answer;
            }
            catch
            {
                Land(null, askedAt);
                throw;
            }
        }

        private void Land(TokenAnswer.Granted? granted, long askedAt)
        {
            lock (_gate)
            {
                (_kept, _keptAt, _flight) = (granted, askedAt, null);
            }
        }
    }
}
