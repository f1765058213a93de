using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Omis.Agent.Control;

/// <summary>
/// Listens for as long as the settings name an address, and moves when they name another. That it cannot listen is loud
/// and no reason to stop: images are checked by schedule all the same.
/// </summary>
/// <param name="door">Where to listen now; null for nowhere.</param>
/// <param name="changed">Cancelled when that may have become another; asked for anew after that.</param>
internal sealed partial class ControlServer(Func<Door?> door, Func<CancellationToken> changed, Reception reception, TimeProvider time, ILogger<ControlServer> logger) : BackgroundService
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private volatile Listener? listener;

    private string? told;

    public bool IsOpen => listener is not null;

    /// <summary>Where it listens at this moment, where that is a port.</summary>
    public IPEndPoint? Address => listener?.Address;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A port that is slow to bind must not hold up the service.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var wanted = door();
            listener = wanted is null ? null : await TryListenAsync(wanted);
            await using (listener)
            {
                var patience = wanted is not null && listener is null ? Again : Timeout.InfiniteTimeSpan;
                await WhileAsync(() => Equals(door(), wanted), patience, stoppingToken);
                listener = null;
            }
        }
    }

    private async Task<Listener?> TryListenAsync(Door wanted)
    {
        try
        {
            var opened = await Listener.OpenAsync(wanted, reception);
            Listens(logger, opened.Address?.ToString() ?? wanted.ToString());
            told = null;
            return opened;
        }
        catch (Exception fault) when (fault is IOException or SocketException or UnauthorizedAccessException)
        {
            Tell(wanted, fault.Message);
            return null;
        }
    }

    /// <summary>Once, and not every time that it is tried.</summary>
    private void Tell(Door wanted, string problem)
    {
        if (told != problem)
        {
            told = problem;
            Deaf(logger, wanted.Setting, wanted.ToString(), problem);
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
    private static partial void Listens(ILogger logger, string address);

    [LoggerMessage(7002, LogLevel.Error, "{Setting}: cannot listen on {Address} ({Problem}); nobody is heard there, and it is tried again soon")]
    private static partial void Deaf(ILogger logger, string setting, string address, string problem);
}
