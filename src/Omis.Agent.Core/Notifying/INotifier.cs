namespace Omis.Agent.Core.Notifying;

/// <summary>One channel that people or machines are told through.</summary>
public interface INotifier
{
    /// <param name="reference">What <see cref="Delivery.Accepted"/> said for the stream's first message; null for that one itself.</param>
    Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct);
}

public abstract record Delivery
{
    private Delivery() { }

    /// <param name="Reference">What later messages of the stream may be threaded under, or replace; null where the channel cannot.</param>
    public sealed record Accepted(string? Reference = null) : Delivery;

    /// <summary>Worth trying again: the channel is away, or wants to be left alone for a while.</summary>
    /// <param name="Problem">For logs and <c>status</c>: neither the address nor what was sent.</param>
    public sealed record Away(string Problem, TimeSpan? RetryAfter = null) : Delivery;

    /// <summary>The channel is there and does not want this message. Others may still get through.</summary>
    public sealed record Rejected(string Problem) : Delivery;
}
