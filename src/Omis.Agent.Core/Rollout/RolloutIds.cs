using System.Security.Cryptography;

namespace Omis.Agent.Core.Rollout;

/// <summary>ULIDs: 48 bits of milliseconds and 80 random bits in Crockford's base 32, so that ids sort by time. Source: github.com/ulid/spec.</summary>
public sealed class RolloutIds(TimeProvider time)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public string Next()
    {
        Span<byte> noise = stackalloc byte[16];
        RandomNumberGenerator.Fill(noise);
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        return string.Create(26, (milliseconds, noise.ToArray()), (text, seed) =>
        {
            for (var i = 9; i >= 0; i--)
            {
                text[i] = Alphabet[(int)((seed.milliseconds >> (5 * (9 - i))) & 31)];
            }

            for (var i = 10; i < 26; i++)
            {
                text[i] = Alphabet[seed.Item2[i - 10] & 31];
            }
        });
    }
}
