namespace Omis.Agent.Core.Notifying;

/// <summary>One notice that one channel has yet to get.</summary>
/// <param name="Seq">In the order in which things happened.</param>
/// <param name="NextAt">Not tried before.</param>
public sealed record OutboxItem(long Seq, string Channel, Notice Notice, DateTimeOffset QueuedAt, int Attempts, DateTimeOffset NextAt, string? Problem);

/// <summary>What one channel has yet to get.</summary>
/// <param name="Problem">Why the oldest is still there, where it was tried.</param>
public sealed record Backlog(string Channel, int Waiting, DateTimeOffset Oldest, string? Problem);
