using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Applying;

/// <summary>How one touch went. What was not expected throws instead.</summary>
public abstract record StepOutcome
{
    private StepOutcome() { }

    /// <param name="ContainerId">The container that now stands for the step, where the touch made or started one.</param>
    /// <param name="DownSince">Timestamp (<see cref="TimeProvider.GetTimestamp"/>) of the moment the old container was told to stop.</param>
    public sealed record Done(string? ContainerId = null, long? DownSince = null) : StepOutcome;

    /// <param name="ImageFault">True where the image itself is to blame, so that its digest is not tried again.</param>
    public sealed record Failed(ReasonCode Code, string Detail, bool ImageFault = false) : StepOutcome;
}

/// <summary>What a new container left behind before it is removed. The log lines are redacted.</summary>
public sealed record Evidence(int? ExitCode, ImmutableArray<string> LogTail)
{
    public static readonly Evidence None = new(null, []);
}
