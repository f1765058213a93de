using System.ComponentModel;
using System.Diagnostics;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>Whether the service that left a sign still runs. Process ids are used again, start times are not.</summary>
internal static class ServiceProcess
{
    /// <summary>How far two readings of one start time may differ: on Linux it is derived from the clock and the uptime.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    public static ServiceSign Sign(ServiceActivity activity, DateTimeOffset? nextCheckAt)
    {
        using var self = Process.GetCurrentProcess();
        return new ServiceSign(activity, self.Id, self.StartTime.ToUniversalTime(), nextCheckAt);
    }

    public static bool Lives(ServiceSign sign)
    {
        if (sign.Activity == ServiceActivity.Stopped)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(sign.Pid);
            return (process.StartTime.ToUniversalTime() - sign.ProcessStartedAt).Duration() < Tolerance;
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // It is there, and another user's.
            return true;
        }
    }
}
