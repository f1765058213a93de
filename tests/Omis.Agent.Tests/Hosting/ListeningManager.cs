using System.Net.Sockets;
using System.Text;

namespace Omis.Agent.Tests.Hosting;

/// <summary>systemd's side of <c>$NOTIFY_SOCKET</c>.</summary>
internal sealed class ListeningManager : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omis-notify-").FullName;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ListeningManager() => socket.Bind(new UnixDomainSocketEndPoint(Address));

    public string Address => Path.Combine(folder, "notify");

    /// <summary>All that came so far, a datagram each, its lines joined by a blank. A datagram on a unix socket is there when its sending has ended.</summary>
    public List<string> Heard()
    {
        var heard = new List<string>();
        var buffer = new byte[4096];
        while (socket.Available > 0)
        {
            heard.Add(Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer)).Replace('\n', ' '));
        }

        return heard;
    }

    public void Dispose()
    {
        socket.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
