using System.Buffers.Text;
using System.Text.Json;

namespace Omis.Agent.Registries.Tokens;

/// <summary>How long a JWT lasts, read without verifying it: a wrong answer costs one more token, nothing else.</summary>
internal static class JwtLifetime
{
    /// <summary>From <c>iat</c> to <c>exp</c> where both are there, so that a clock that differs from the registry's does no harm; else from now.</summary>
    public static TimeSpan? Of(string token, DateTimeOffset now)
    {
        if (Payload(token) is not { Expires: { } expires } payload)
        {
            return null;
        }

        var seconds = expires - (payload.IssuedAt ?? now.ToUnixTimeSeconds());
        return double.IsFinite(seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds)) : null;
    }

    private static JwtJson? Payload(string token)
    {
        var parts = token.Split('.', 4);
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(parts[1]), TokenContext.Default.JwtJson);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
