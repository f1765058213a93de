using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Checking;

/// <summary>Asks a registry which digest a reference has now. Failures are data: they never end a cycle.</summary>
public interface IImageRegistry
{
    Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct);
}

public abstract record RegistryAnswer
{
    private RegistryAnswer() { }

    public sealed record Found(Digest Digest) : RegistryAnswer;

    public sealed record Failed(ReasonCode Code, string Detail) : RegistryAnswer;
}
