using System.Collections.Immutable;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Importing;

/// <summary>A label that Watchtower reads on containers. Source: containrrr/watchtower v1.7.1, pkg/container/metadata.go.</summary>
/// <param name="Name">What follows <see cref="WorkloadLabels.WatchtowerPrefix"/>.</param>
internal sealed record WatchtowerLabel(string Name, Fate Fate, string Here)
{
    private const string Hook = "commands in Watchtower's labels are not run; nearest: compose's ";

    public static readonly ImmutableArray<WatchtowerLabel> All =
    [
        new("", Fate.Already, "marks Watchtower itself; take Watchtower away once the agent runs"),
        new(".enable", Fate.Already, "works untouched: `false` is `omis.agent.update=never`, `true` opts in where `optIn` is set"),
        new(".monitor-only", Fate.Already, "works untouched: `true` is `omis.agent.update=notify`"),
        new(".no-pull", Fate.Already, "works untouched: only the local tag counts"),
        new(".depends-on", Fate.Already, "works untouched, as `omis.agent.depends-on`"),
        new(".stop-signal", Fate.Already, "works untouched; in the compose file it would be `stop_signal`"),
        new(".scope", Fate.Missing, "one agent keeps one engine; nearest: `optIn` with `omis.agent.update=auto`"),
        new(".lifecycle.pre-check", Fate.Missing, "nothing is run before a check; nearest: `omis-agent pause PROJECT` from what knows that it should wait"),
        new(".lifecycle.post-check", Fate.Missing, "nothing is run after a check; nearest: `notify.ping`"),
        new(".lifecycle.pre-update", Fate.Missing, Hook + "`pre_stop`"),
        new(".lifecycle.post-update", Fate.Missing, Hook + "`post_start`, or an `exec` probe, which takes the update back where it fails"),
        new(".lifecycle.pre-update-timeout", Fate.Missing, "belongs to a hook that is not run; nearest: `stop_grace_period`"),
        new(".lifecycle.post-update-timeout", Fate.Missing, "belongs to a hook that is not run; nearest: `healthy.deadline`"),
    ];

    /// <returns>Null where it is no label of Watchtower's.</returns>
    public static WatchtowerLabel? Find(string label) =>
        label.StartsWith(WorkloadLabels.WatchtowerPrefix, StringComparison.Ordinal)
            ? All.FirstOrDefault(known => known.Name == label[WorkloadLabels.WatchtowerPrefix.Length..])
                ?? new WatchtowerLabel(label[WorkloadLabels.WatchtowerPrefix.Length..], Fate.Missing, "unknown to Watchtower 1.7 too")
            : null;
}
