using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Control;

/// <summary>
/// Listens for as long as the settings name an address, and moves when they name another. That it cannot listen is loud
/// and no reason to stop: images are checked by schedule all the same.
/// </summary>
/// <param name="address">Where to listen now; null for nowhere.</param>
/// <param name="changed">Cancelled when that may have become another; asked for anew after that.</param>
internal sealed partial class ControlServer(Func<IPEndPoint?> address, Func<CancellationToken> changed, Reception reception, TimeProvider time, ILogger<ControlServer> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private volatile Listener? listener;

    /// <summary>Where it listens at this moment.</summary>
    public IPEndPoint? Address => listener?.Address;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A port that is slow to bind must not hold up the service.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wanted = address();
            listener = wanted is null ? null : await TryListenAsync(wanted);
            await using (listener)
            {
                var patience = wanted is not null && listener is null ? Again : Timeout.InfiniteTimeSpan;
                await WhileAsync(() => Equals(address(), wanted), patience, stoppingToken);
                listener = null;
            }
        }
    }

    private async Task<Listener?> TryListenAsync(IPEndPoint wanted)
    {
        try
        {
            var opened = await Listener.OpenAsync(wanted, reception);
            Listens(logger, opened.Address);
            return opened;
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            Deaf(logger, wanted, fault.Message);
            return null;
        }
    }

    /// <summary>Until it is no longer so, patience has run out, or the service stops.</summary>
    private async Task WhileAsync(Func<bool> so, TimeSpan patience, CancellationToken stopping)
    {
        for (var soonest = changed(); so(); soonest = changed())
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(soonest, stopping);
            try
            {
                await Task.Delay(patience, time, either.Token);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [LoggerMessage(7001, LogLevel.Information, "Listening on {Address}")]
    private static partial void Listens(ILogger logger, IPEndPoint address);

    [LoggerMessage(7002, LogLevel.Error, "control.listen: cannot listen on {Address} ({Problem}); webhooks are not heard, and it is tried again soon")]
    private static partial void Deaf(ILogger logger, IPEndPoint address, string problem);
}
