using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Hosting;

public sealed class CycleNotesTests
{
    private static readonly CycleRequest Whole = new() { Depth = CycleDepth.Rollout };

    private static readonly LastCycle Before = new("01A", Some.Moment, null, [Some.Workload("backend"), Some.Workload("mail", "post")],
        [new Skip(Some.Workload("backend"), ReasonCode.Quarantined, "old news"), new Skip(Some.Workload("mail", "post"), ReasonCode.Paused, "quiet")]);

    [Fact]
    public void A_whole_cycle_replaces_all_that_was_known()
    {
        var last = CycleNotes.After(Before, Report("backend"), Whole);

        Assert.Equal("shop/backend", string.Join(" ", last.Seen));
        Assert.Equal("shop/backend RateLimited", Text(last));
    }

    [Fact]
    public void A_cycle_for_one_project_leaves_the_others_as_they_were()
    {
        var last = CycleNotes.After(Before, Report("backend"), Whole with { Project = "shop" });

        Assert.Equal("mail/post shop/backend", string.Join(" ", last.Seen.Select(id => id.Project == "post" ? "mail/post" : id.ToString())));
        Assert.Equal("post/mail Paused, shop/backend RateLimited", Text(last));
    }

    [Fact]
    public void A_cycle_that_saw_nothing_keeps_what_was_known_beside_its_error()
    {
        var error = new Reason(ReasonCode.EngineUnavailable, "no engine");

        var last = CycleNotes.After(Before, new CycleReport { Cycle = "01B", StartedAt = Some.Moment, Error = error }, Whole);

        Assert.Equal(error, last.Error);
        Assert.Equal("post/mail Paused, shop/backend Quarantined", Text(last));
    }

    [Fact]
    public void What_an_operator_wants_left_alone_is_not_blocked() =>
        Assert.Equal("", Text(CycleNotes.After(null, Report("backend", ReasonCode.UpdateNever), Whole)));

    private static string Text(LastCycle last) => string.Join(", ", last.Blocked.Select(skip => $"{skip.Workload} {skip.Reason}"));

    private static CycleReport Report(string service, ReasonCode reason = ReasonCode.RateLimited) => new()
    {
        Cycle = "01B",
        StartedAt = Some.Moment,
        Seen = [new SeenWorkload { Project = "shop", Service = service, Replicas = 1, Image = "x", State = SeenState.Unknown }],
        Plan = new PlanReport([], [new SkippedWorkload("shop", service, reason, "why")]),
    };
}
