using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Omis.Agent.Notifiers.GitHub;

/// <summary>What a GitHub App shows of itself: RS256, RFC 7519. Source: docs.github.com/apps, "Generating a JSON Web Token (JWT) for a GitHub App".</summary>
internal static class GitHubJwt
{
    /// <summary>For a clock that is fast.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(60);

    /// <summary>Ten minutes in all, the longest that GitHub takes.</summary>
    private static readonly TimeSpan After = TimeSpan.FromMinutes(9);

    public static string Of(string appId, string privateKey, DateTimeOffset now)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(privateKey);
        var claims = new JsonObject { ["iat"] = (now - Before).ToUnixTimeSeconds(), ["exp"] = (now + After).ToUnixTimeSeconds(), ["iss"] = appId };
        var signed = $"{Part("""{"alg":"RS256","typ":"JWT"}""")}.{Part(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <returns>What is wrong with a key, which is not shown; null where it can sign.</returns>
    public static string? Problem(string privateKey)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(privateKey);
            return rsa.ExportParameters(includePrivateParameters: false).Modulus is { Length: >= 256 } && CanSign(rsa) ? null : "it is too short or the public half alone; expected the private RSA key that GitHub made for the app";
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return "it is no private RSA key without a passphrase in PEM; expected the .pem file that GitHub made for the app";
        }
    }

    private static bool CanSign(RSA rsa)
    {
        try
        {
            return rsa.SignData([1], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).Length > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
