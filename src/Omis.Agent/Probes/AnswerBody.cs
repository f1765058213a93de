using System.Text;
using System.Text.RegularExpressions;

namespace Omis.Agent.Probes;

/// <summary>Reads no more of an answer than is asked for, and matches it in bounded time.</summary>
internal static class AnswerBody
{
    /// <summary>What a body expression sees, in bytes.</summary>
    private const int Most = 64 << 10;

    private const int LongestLine = 200;

    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var bytes = new byte[Most];
        var length = await stream.ReadAtLeastAsync(bytes, Most, throwOnEndOfStream: false, ct);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>What has arrived of it: a body that hangs must not hide the status that came before it.</summary>
    public static async Task<string> FirstLineAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            var bytes = new byte[1024];
            return FirstLine(Encoding.UTF8.GetString(bytes, 0, await stream.ReadAsync(bytes, ct)));
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException)
        {
            return "";
        }
    }

    /// <returns>At most 200 characters, none of which could play tricks on a terminal.</returns>
    private static string FirstLine(string body)
    {
        var text = body.AsSpan().TrimStart();
        var line = text[..(text.IndexOfAny('\r', '\n') is >= 0 and var end ? end : text.Length)];
        var clean = new string([.. line.ToString().Where(letter => !char.IsControl(letter))]).TrimEnd();
        return clean.Length > LongestLine ? clean[..LongestLine] : clean;
    }

    /// <returns>Why the body does not do, or null.</returns>
    public static string? Complaint(string expression, string body)
    {
        try
        {
            return Compile(expression).IsMatch(body) ? null : $"the body does not match /{expression}/ ({FirstLine(body)})";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"matching the body with /{expression}/ took too long";
        }
        catch (ArgumentException fault)
        {
            return $"/{expression}/ is no regular expression: {fault.Message}";
        }
    }

    /// <summary>Time linear in the body, but for expressions that need backtracking (look-around, back references).</summary>
    private static Regex Compile(string expression)
    {
        try
        {
            return new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return new Regex(expression, RegexOptions.CultureInvariant, LongestMatch);
        }
    }
}
