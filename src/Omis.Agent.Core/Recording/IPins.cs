using System.Collections.Immutable;
using Omis.Agent.Core.Planning;

namespace Omis.Agent.Core.Recording;

public interface IPins
{
    Task<ImmutableArray<Pin>> ListAsync(CancellationToken ct);

    /// <summary>A second pin of the same service replaces the first. The record goes into history with it.</summary>
    Task PinAsync(Pin pin, RolloutRecord record, CancellationToken ct);

    /// <summary>These have come true: from now on they only hold. One that a person replaced or ended meanwhile is left as it is.</summary>
    Task ReachAsync(ImmutableArray<Pin> pins, CancellationToken ct);

    /// <summary>Ends the pins of a project, or of one of its services. Each end goes into history.</summary>
    /// <returns>What was ended.</returns>
    Task<ImmutableArray<Pin>> UnpinAsync(string project, string? service, Func<Pin, RolloutRecord> record, CancellationToken ct);
}
