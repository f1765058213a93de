using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Checking;

/// <summary>Asks a registry which digest a reference has now. Failures are data: they never end a cycle.</summary>
public interface IImageRegistry
{
    Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct);

    /// <summary>The same answer with the manifests that an index names. A digest names the same ones for ever: it is asked for once.</summary>
    Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct);
}

/// <summary>Asks a registry for nothing but to be let in.</summary>
public interface IRegistryGreeter
{
    /// <param name="registry">Its host, as in <see cref="ImageReference.Registry"/>.</param>
    /// <returns><see cref="RegistryAnswer.Admitted"/> or <see cref="RegistryAnswer.Failed"/>.</returns>
    Task<RegistryAnswer> GreetAsync(string registry, CancellationToken ct);
}

public abstract record RegistryAnswer
{
    private RegistryAnswer() { }

    public sealed record Found(Digest Digest) : RegistryAnswer
    {
        /// <summary>The manifests that an index names, one for each platform; null where nobody looked.</summary>
        public ImmutableArray<Digest>? Platforms { get; init; }

        /// <summary>True for what the reference names, and for that same image of one platform.</summary>
        public bool Covers(Digest digest) => digest == Digest || (Platforms is { } platforms && platforms.Contains(digest));
    }

    /// <summary>It answers and takes the login; nothing was asked about an image.</summary>
    /// <param name="Clock">Its own time, to the second; null where it did not tell.</param>
    public sealed record Admitted(DateTimeOffset? Clock) : RegistryAnswer;

    public sealed record Failed(ReasonCode Code, string Detail) : RegistryAnswer;
}
