using System.Collections.Immutable;

namespace Omis.Agent.Core.Probing;

/// <summary>Healthy means: all of it, continuously for <see cref="StableFor"/>, before <see cref="Deadline"/>; both count from the start of the container.</summary>
public sealed record HealthRules(TimeSpan StableFor, TimeSpan Deadline, ImmutableArray<ProbeSpec> Probes)
{
    public static readonly HealthRules Default = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), []);

    /// <summary>How often a container that answers is asked again.</summary>
    public TimeSpan Every => Probes.Select(probe => probe.Every).Append(TimeSpan.FromSeconds(1)).Min();
}

/// <summary>What is asked besides the container's own state and HEALTHCHECK.</summary>
public abstract record ProbeSpec
{
    private ProbeSpec() { }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><see cref="Url"/> may hold <c>{ip}</c> and <c>{port:N}</c>, filled in for each container.</summary>
    public sealed record Http(string Url) : ProbeSpec
    {
        public string Method { get; init; } = "GET";

        public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

        public ImmutableArray<StatusRange> Status { get; init; } = [new(200, 299)];

        /// <summary>A regular expression that the answer's first 64 KiB must match.</summary>
        public string? Body { get; init; }

        public string? CaFile { get; init; }

        public bool Insecure { get; init; }
    }

    /// <summary><c>HOST:PORT</c>, with the same placeholders.</summary>
    public sealed record Tcp(string Address) : ProbeSpec;

    /// <summary>Run inside the container; exit code 0 is healthy.</summary>
    public sealed record Exec(ImmutableArray<string> Command) : ProbeSpec;
}

public readonly record struct StatusRange(int From, int To)
{
    public bool Holds(int status) => status >= From && status <= To;
}
