using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

/// <summary>What one process tells the others: what the service is at, and how the last cycle went.</summary>
public interface IServiceBoard
{
    /// <returns>Null where no service ever ran on this state.</returns>
    Task<ServiceSign?> ServiceAsync(CancellationToken ct);

    Task PutAsync(ServiceSign sign, CancellationToken ct);

    /// <returns>Null before the first cycle.</returns>
    Task<LastCycle?> LastAsync(CancellationToken ct);

    Task PutAsync(LastCycle last, CancellationToken ct);
}

/// <summary>A service that died leaves its sign behind: it holds only while the process of that id and start time lives.</summary>
public sealed record ServiceSign(ServiceActivity Activity, int Pid, DateTimeOffset ProcessStartedAt, DateTimeOffset? NextCheckAt)
{
    /// <summary>The mistakes of a config that was read while the service ran and refused: the one before is in force. Empty otherwise.</summary>
    public ImmutableArray<string> ConfigRefused { get; init; } = [];
}

[JsonConverter(typeof(CamelCaseJson<ServiceActivity>))]
public enum ServiceActivity
{
    Idle,
    Checking,
    RollingOut,

    /// <summary>Everything is paused; checks go on.</summary>
    Paused,

    Stopped,
}

/// <summary>What the last cycle saw, and which updates it left waiting. <see cref="Error"/> tells why it saw nothing new.</summary>
public sealed record LastCycle(string Id, DateTimeOffset At, Reason? Error, ImmutableArray<WorkloadId> Seen, ImmutableArray<Skip> Blocked);
