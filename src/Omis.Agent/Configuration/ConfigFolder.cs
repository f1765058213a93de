using System.Text;

namespace Omis.Agent.Configuration;

/// <summary>Where the names of files in the config lead: systemd's credentials first, then beside the config.</summary>
internal sealed class ConfigFolder(string folder, string? credentials)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The file of that name, or where it would be beside the config.</summary>
    public string File(string name) =>
        credentials is { Length: > 0 } && Path.Combine(credentials, name) is var credential && System.IO.File.Exists(credential)
            ? credential
            : Beside(name);

    public string Beside(string name) => Path.Combine(folder, name);

    /// <returns>The text without its final newline, or null and what is wrong.</returns>
    public string? Read(string name, out string fault)
    {
        var text = BoundedFile.Read(File(name), BoundedFile.SecretBytes);
        fault = text.Fault;
        return text.Bytes is { } bytes ? Decode(bytes, out fault) : null;
    }

    private static string? Decode(byte[] bytes, out string fault)
    {
        try
        {
            fault = "";
            var text = Utf8.GetString(bytes);
            return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        }
        catch (DecoderFallbackException)
        {
            fault = "is not UTF-8 text";
            return null;
        }
    }
}
