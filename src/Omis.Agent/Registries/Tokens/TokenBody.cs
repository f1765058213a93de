using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Omis.Agent.Registries.Tokens;

/// <summary>Reads a realm's answer. Docker Hub and others say <c>token</c>, Azure only <c>access_token</c> and no <c>expires_in</c>.</summary>
internal static class TokenBody
{
    /// <summary>What the distribution spec says of a token without <c>expires_in</c>.</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Well below the three hours that Azure's registries give.</summary>
    private static readonly TimeSpan UnknownRefreshLifetime = TimeSpan.FromHours(1);

    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    private static readonly SearchValues<char> Printable = SearchValues.Create([.. Enumerable.Range(0x21, 0x7e - 0x20).Select(code => (char)code)]);

    /// <summary>Null where there is no token that could be sent.</summary>
    public static Token? Read(ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        try
        {
            var body = JsonSerializer.Deserialize(json, TokenContext.Default.TokenJson);
            var value = string.IsNullOrEmpty(body?.Token) ? body?.AccessToken : body.Token;
            return IsSendable(value) ? new Token(value!, Lifetime(body!.ExpiresIn, value!, now)) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter is how a JsonElement meets half a surrogate pair.
            return null;
        }
    }

    /// <summary>The answer of Azure's exchange. Null where there is no token that could be sent.</summary>
    public static Token? ReadRefresh(ReadOnlySpan<byte> json, DateTimeOffset now)
    {
        try
        {
            var value = JsonSerializer.Deserialize(json, TokenContext.Default.RefreshJson)?.RefreshToken;
            return IsSendable(value) ? new Token(value!, JwtLifetime.Of(value!, now) ?? UnknownRefreshLifetime) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>It becomes a header: nothing in it may end a line, nor make the request larger than servers take.</summary>
    private static bool IsSendable(string? token) => token is { Length: > 0 and <= 32 * 1024 } && !token.AsSpan().ContainsAnyExcept(Printable);

    private static TimeSpan Lifetime(JsonElement expiresIn, string token, DateTimeOffset now)
    {
        var lifetime = Seconds(expiresIn) ?? JwtLifetime.Of(token, now) ?? DefaultLifetime;
        return lifetime < TimeSpan.Zero ? TimeSpan.Zero : lifetime > LongestLifetime ? LongestLifetime : lifetime;
    }

    /// <summary>A number, or a number in quotes as some send it.</summary>
    private static TimeSpan? Seconds(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString(),
            _ => null,
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestLifetime.TotalSeconds))
            : null;
    }
}

internal sealed record TokenJson(
    [property: JsonPropertyName("token")] string? Token,
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("expires_in")] JsonElement ExpiresIn)
{
    /// <summary>Never shows the token.</summary>
    public override string ToString() => nameof(TokenJson);
}

internal sealed record RefreshJson([property: JsonPropertyName("refresh_token")] string? RefreshToken)
{
    /// <summary>Never shows the token.</summary>
    public override string ToString() => nameof(RefreshJson);
}

internal sealed record JwtJson(
    [property: JsonPropertyName("exp")] double? Expires,
    [property: JsonPropertyName("iat")] double? IssuedAt);

[JsonSerializable(typeof(TokenJson))]
[JsonSerializable(typeof(RefreshJson))]
[JsonSerializable(typeof(JwtJson))]
internal sealed partial class TokenContext : JsonSerializerContext;
