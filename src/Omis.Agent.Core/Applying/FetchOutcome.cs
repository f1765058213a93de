using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Applying;

public abstract record FetchOutcome
{
    private FetchOutcome() { }

    public sealed record Ready(ImmutableDictionary<WorkloadId, FetchedImage> Images) : FetchOutcome;

    public sealed record Failed(WorkloadId Workload, ReasonCode Code, string Detail) : FetchOutcome;
}

/// <param name="ImageId">The engine's local ID of the image.</param>
/// <param name="PulledHere">True where the image was not on the machine before.</param>
public sealed record FetchedImage(string ImageId, bool PulledHere)
{
    /// <summary>Of the image that runs.</summary>
    public ImageOrigin? OldOrigin { get; init; }

    public ImageOrigin? NewOrigin { get; init; }
}

public abstract record PrepareOutcome
{
    private PrepareOutcome() { }

    public sealed record Ready(Undo Undo) : PrepareOutcome;

    public sealed record Failed(ReasonCode Code, string Detail) : PrepareOutcome;
}

/// <summary>Bytes of an image's layers that have arrived, and how many there are as far as is known.</summary>
public sealed record PullProgress(WorkloadId Workload, string Image, long Current, long Total);
