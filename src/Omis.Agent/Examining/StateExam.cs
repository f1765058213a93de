using System.Collections.Immutable;
using Omis.Agent.Core.Naming;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Examining;

/// <summary>Whether the state can be kept: its directory is writable, its disk has room, its database is sound.</summary>
internal sealed class StateExam(string directory, Memory memory, Func<string, long?> free)
{
    private const string Check = "state";

    /// <summary>Room for the journal of the largest rollout, and to spare.</summary>
    private const long Room = 50_000_000;

    public async Task<ImmutableArray<Finding>> ExamineAsync(CancellationToken ct) =>
        [new FolderExam(Check, "state.directory").Examine(directory), .. await DatabaseAsync(ct), .. SetAside(), .. Space()];

    private async Task<ImmutableArray<Finding>> DatabaseAsync(CancellationToken ct)
    {
        try
        {
            await memory.Board.LastAsync(ct);
        }
        catch (EnvironmentException fault)
        {
            return [Finding.Failed(Check, "database", fault.Message, "see the disk's health and free space; the service sets a damaged database aside when it starts")];
        }

        return memory.Unreadable is { } problem
            ? [Finding.Failed(Check, "database", $"cannot be trusted: {problem}", "restart the service: it sets the file aside and begins a new one; what was pinned and quarantined has to be given again")]
            : Directory.Exists(directory) ? [Finding.Ok(Check, "database", "is sound")] : [];
    }

    private IEnumerable<Finding> SetAside() => memory.SetAside.Select(name =>
        Finding.Warning(Check, name, "was damaged and has been set aside", $"look at it, then remove {Path.Combine(directory, name)}"));

    private IEnumerable<Finding> Space()
    {
        if (free(directory) is { } bytes && bytes < Room)
        {
            yield return Finding.Failed("disk", directory, $"{Words.Bytes(bytes)} are free for the state", $"free some space: the journal of a rollout wants {Words.Bytes(Room)}");
        }
    }
}
