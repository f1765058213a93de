using System.Collections.Immutable;

namespace Omis.Agent.Core.Gating;

public interface IPauses
{
    Task<ImmutableArray<Pause>> ListAsync(CancellationToken ct);

    /// <summary>A second pause of the same project replaces the first.</summary>
    Task PauseAsync(Pause pause, CancellationToken ct);

    /// <summary>Ends the pause of one project, or every pause where null.</summary>
    /// <returns>What was ended.</returns>
    Task<ImmutableArray<Pause>> ResumeAsync(string? project, CancellationToken ct);
}
