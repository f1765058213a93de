using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Applying;

/// <summary>What is known from the engine alone of a container that some rollout made and that no open rollout of the journal knows.</summary>
/// <param name="Undo">As far as it can be told from the containers; <see cref="Undo.OldId"/> is empty where the old one is gone.</param>
/// <param name="Image">As configured: <c>repo:tag</c>.</param>
/// <param name="From">What the old container runs, where it is there.</param>
/// <param name="IsTouched">True where the old container may be other than it was.</param>
/// <param name="InPlace">True where the new container has the service's own name.</param>
public sealed record Remnant(Undo Undo, string Image, Digest? From, bool IsTouched, bool InPlace)
{
    /// <summary>Parked containers are removed only after the commit.</summary>
    public bool IsCommitted => InPlace && Undo.OldId.Length == 0;
}
