namespace Omis.Agent.Registries;

/// <summary>How long and how hard a registry is asked.</summary>
public sealed record RegistryPatience
{
    /// <summary>For one answer as a whole: tokens, redirects and retries included, waiting for a turn not.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Before the first retry; the second waits about twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Questions under way at one registry.</summary>
    public int Turns { get; init; } = 8;
}
