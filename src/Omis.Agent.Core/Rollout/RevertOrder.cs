using System.Collections.Immutable;
using Omis.Agent.Core.Applying;

namespace Omis.Agent.Core.Rollout;

/// <summary>
/// In which order containers go back. The rules: last step first; a new container is stopped before its old one starts;
/// an old container that is bound to another's id (network, volumes) starts only after that one is back.
/// </summary>
public static class RevertOrder
{
    public static ImmutableArray<RevertMove> Of(ImmutableArray<Undo> touched)
    {
        var moves = ImmutableArray.CreateBuilder<RevertMove>();
        var waiting = new List<Undo>();
        var away = touched.ToList();
        foreach (var undo in touched.Reverse())
        {
            moves.Add(new RevertMove(undo, Restores: false));
            waiting.Insert(0, undo);
            while (waiting.FirstOrDefault(one => away.TrueForAll(other => other.Workload == one.Workload || !one.After.Contains(other.Workload))) is { } ready)
            {
                moves.Add(new RevertMove(ready, Restores: true));
                waiting.Remove(ready);
                away.Remove(ready);
            }
        }

        return moves.ToImmutable();
    }

    /// <summary>Whether a move has to wait for another that is left: its new container's stop, or the return of what it is bound to.</summary>
    public static bool Waits(RevertMove move, IEnumerable<RevertMove> left) => move.Restores && left.Any(other =>
        other.Restores ? move.Undo.After.Contains(other.Undo.Workload) && other.Undo.Workload != move.Undo.Workload : other.Undo.Key == move.Undo.Key);
}

/// <summary>Either stops the new container or runs the old one again.</summary>
public readonly record struct RevertMove(Undo Undo, bool Restores);
