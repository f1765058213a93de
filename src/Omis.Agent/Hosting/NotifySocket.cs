using System.Net.Sockets;
using System.Text;

namespace Omis.Agent.Hosting;

/// <summary>
/// Where systemd listens for what a service says of itself: datagrams of <c>NAME=value</c> lines to <c>$NOTIFY_SOCKET</c>.
/// Source: sd_notify(3).
/// </summary>
/// <param name="address">A path, or an abstract name behind '@'; null where nobody listens.</param>
internal sealed class NotifySocket(string? address)
{
    /// <summary>Milliseconds. A manager that is busy leaves its queue full; the service must not wait for it.</summary>
    private const int Patience = 2_000;

    public static NotifySocket Of(IReadOnlyDictionary<string, string> environment) =>
        new(environment.GetValueOrDefault("NOTIFY_SOCKET") is { Length: > 1 } path && path[0] is '/' or '@' ? path : null);

    /// <summary>A manager that cannot be told is no reason to stop: should it want to hear of us, its watchdog will act.</summary>
    public void Send(params ReadOnlySpan<string> lines)
    {
        if (address is null)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = Patience };
            socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', lines)), new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address));
        }
        catch (SocketException)
        {
        }
    }
}
