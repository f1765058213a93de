namespace Omis.Agent.Registries;

/// <summary>How long and how hard a registry is asked.</summary>
public sealed record RegistryPatience
{
    /// <summary>For one answer as a whole: tokens, redirects and retries included, waiting for a turn not.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For a turn. What is not asked by then waits for the next cycle, so that one registry that dawdles does not hold up the cycle for all others.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Before the first retry; the second waits about twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a registry that did not answer is left alone at first; twice as long each time that it still does not.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No registry is left alone longer, unless it asks for that itself.</summary>
    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Questions under way at one registry.</summary>
    public int Turns { get; init; } = 8;
}
