using System.Globalization;
using System.Net.Sockets;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Probes;

/// <summary>Healthy is what accepts a connection and does not close it at once.</summary>
public sealed class TcpProbe(TimeProvider time)
{
    /// <summary>
    /// Docker's userland proxy accepts for a container that does not listen yet and closes as soon as its own dial is
    /// refused: only a connection that outlives this was accepted by the container.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    public async Task<Sample> ProbeAsync(ProbeSpec.Tcp spec, ProbeAddress where, CancellationToken ct)
    {
        var address = where.Fill(spec.Address, out var problem);
        if (problem is not null || !TrySplit(address, out var host, out var port))
        {
            return Sample.Bad(ReasonCode.ProbeFailed, $"TCP {address}: {problem ?? "expected HOST:PORT"}");
        }

        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await ConnectAsync(socket, host, port, spec.Timeout, ct);
            return await StaysOpenAsync(socket, ct) ? Sample.Good() : Closed(address);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Sample.Bad(ReasonCode.ProbeFailed, $"TCP {address}: no answer within {Durations.Text(spec.Timeout)}");
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
        {
            ct.ThrowIfCancellationRequested();
            return Closed(address);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            ct.ThrowIfCancellationRequested();
            return Sample.Bad(ReasonCode.ProbeFailed, $"TCP {address}: {fault.Message}");
        }
    }

    private async Task ConnectAsync(Socket socket, string host, int port, TimeSpan timeout, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        await socket.ConnectAsync(host, port, either.Token);
    }

    private async Task<bool> StaysOpenAsync(Socket socket, CancellationToken ct)
    {
        using var enough = new CancellationTokenSource(Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, enough.Token);
        try
        {
            return await socket.ReceiveAsync(new byte[1], either.Token) > 0;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
    }

    private static Sample Closed(string address) => Sample.Bad(ReasonCode.ProbeFailed, $"TCP {address}: closed as soon as it was accepted");

    private static bool TrySplit(string address, out string host, out int port)
    {
        var colon = address.LastIndexOf(':');
        host = colon > 0 ? address[..colon].Trim('[', ']') : "";
        port = 0;
        return host.Length > 0
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port is > 0 and <= 65535;
    }
}
