using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Omis.Agent.Control;

/// <summary>Compares in a time that tells nothing of where, or in what length, two secrets differ.</summary>
internal static class Secrets
{
    public static bool Same(string? given, [NotNullWhen(true)] string? expected) =>
        given is not null && expected is not null && CryptographicOperations.FixedTimeEquals(Hash(given), Hash(expected));

    /// <param name="signature"><c>sha256=</c> and 64 hexadecimal digits. Source: GitHub, "Validating webhook deliveries".</param>
    public static bool Signs(string signature, string secret, ReadOnlySpan<byte> body)
    {
        const string Scheme = "sha256=";
        var own = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return signature.Length == Scheme.Length + (2 * given.Length)
            && signature.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && Convert.FromHexString(signature.AsSpan(Scheme.Length), given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, own);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
