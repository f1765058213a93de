using System.Net.Sockets;
using Omis.Agent.Commands;
using Omis.Agent.Control.Sockets;

namespace Omis.Agent.Control.Client;

/// <summary>Finds the running service by its socket.</summary>
internal static class ServiceLine
{
    /// <returns>A connection; null where no service answers there.</returns>
    /// <exception cref="ForbiddenException">One may answer, and this user may not call it.</exception>
    public static Socket? TryConnect(string path)
    {
        if (!OperatingSystem.IsLinux() || path.Length > 107)
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            return fault.SocketErrorCode == SocketError.AccessDenied ? throw new ForbiddenException(Refusal(path)) : null;
        }
    }

    /// <summary>Where the folder is closed too, its group is the one that opens both.</summary>
    private static string Refusal(string path)
    {
        var known = UnixFile.Find(path) ?? UnixFile.Find(Path.GetDirectoryName(path)!);
        var group = known is { } file ? $"'{Accounts.Group(file.Group)}'" : "its group";
        return $"the service's socket '{path}' may be opened by root and by members of the group {group} only; use sudo, or add yourself to the group and log in anew";
    }
}
