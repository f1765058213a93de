using System.Net.Sockets;

namespace Omis.Agent.Control.Sockets;

/// <summary>Makes the socket on which the service answers: 0660 in a folder that others cannot write to.</summary>
internal static class ControlSocket
{
    private const int Backlog = 128;
    private const UnixFileMode Mode660 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode Mode750 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>
    /// Removes what a dead process left, and only that. Between bind and chmod the mode follows the umask; who comes in
    /// that moment is judged by his credentials as everybody is.
    /// </summary>
    /// <exception cref="IOException">Another process listens there, or something else has the name.</exception>
    /// <exception cref="SocketException">It cannot be bound.</exception>
    public static Socket Bind(string path)
    {
        var address = Address(path);
        MakeFolder(Path.GetDirectoryName(path)!);
        RemoveStale(path, address);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(address);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, Mode660);
            }

            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">It is longer than the kernel takes.</exception>
    public static UnixDomainSocketEndPoint Address(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException)
        {
            throw new IOException($"'{path}' is longer than the 107 bytes that the kernel takes for a socket");
        }
    }

    /// <summary>systemd makes /run/omis-agent; elsewhere the agent makes what is missing.</summary>
    private static void MakeFolder(string folder)
    {
        if (!OperatingSystem.IsWindows() && !Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, Mode750);
        }
    }

    private static void RemoveStale(string path, UnixDomainSocketEndPoint address)
    {
        if (UnixFile.Find(path) is not { } there)
        {
            return;
        }

        if (!there.IsSocket)
        {
            throw new IOException($"'{path}' is there and is no socket; move it away, or name another path");
        }

        if (IsAnswered(address))
        {
            throw new IOException($"another process listens on '{path}'");
        }

        File.Delete(path);
    }

    private static bool IsAnswered(UnixDomainSocketEndPoint address)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(address);
            return true;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
