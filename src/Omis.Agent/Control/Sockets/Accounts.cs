using System.Globalization;

namespace Omis.Agent.Control.Sockets;

/// <summary>Names of users and groups, as far as the machine's own files know them; others are numbers. Sources: passwd(5), group(5).</summary>
internal static class Accounts
{
    public static string User(uint id) => Find("/etc/passwd", id) ?? id.ToString(CultureInfo.InvariantCulture);

    public static string Group(uint id) => Find("/etc/group", id) ?? id.ToString(CultureInfo.InvariantCulture);

    private static string? Find(string file, uint id)
    {
        var wanted = id.ToString(CultureInfo.InvariantCulture);
        try
        {
            return File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(fields => fields is [{ Length: > 0 }, _, var number, ..] && number == wanted)?[0];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
