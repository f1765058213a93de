using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Omis.Agent.Control.Sockets;

/// <summary>Who is at the other end of a unix socket, as the kernel noted it when he connected. Linux only. Source: unix(7), SO_PEERCRED; socket(7), SO_PEERGROUPS.</summary>
internal sealed record Peer(uint User, uint Group, uint[] Groups)
{
    private const int SocketLevel = 1;
    private const int Credentials = 17;
    private const int SupplementaryGroups = 59;
    private const int MostGroups = 65536;

    public static Peer Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SocketLevel, Credentials, credentials);
        return new Peer(Number(credentials[4..]), Number(credentials[8..]), GroupsOf(socket));
    }

    /// <summary>Root, the agent's own user, and the members of the socket's group.</summary>
    public bool MayOpen(UnixFile socket, uint self) => User == 0 || User == self || Group == socket.Group || Groups.Contains(socket.Group);

    /// <summary>A kernel that cannot tell names none: then the primary group alone counts.</summary>
    private static uint[] GroupsOf(Socket socket)
    {
        for (var most = 64; most <= MostGroups; most *= 4)
        {
            var buffer = new byte[most * 4];
            try
            {
                var length = socket.GetRawSocketOption(SocketLevel, SupplementaryGroups, buffer);
                return [.. MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(0, length))];
            }
            catch (SocketException)
            {
                // More than there was room for.
            }
        }

        return [];
    }

    private static uint Number(ReadOnlySpan<byte> bytes) => BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
