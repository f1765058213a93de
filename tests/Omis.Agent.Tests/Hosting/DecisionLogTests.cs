using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Hosting;

public sealed class DecisionLogTests
{
    private static readonly CycleRequest Everything = new() { Depth = CycleDepth.Rollout };

    private readonly ListLogger<DecisionLog> logger = new();

    [Fact]
    public void What_is_decided_is_one_line_and_polls_that_find_nothing_new_are_none()
    {
        var log = new DecisionLog(new ServiceManager(NotifySocket.Of(new Dictionary<string, string>()), new SignsOfLife(TimeProvider.System), TimeProvider.System), logger);
        var held = new SkippedWorkload("shop", "web", ReasonCode.Quarantined, "sha256:aaa failed here");
        CycleReport[] polls = [Report(held), Report(held), Report(held), Report(), Report(), Report(held)];

        foreach (var poll in polls)
        {
            log.Tell(poll, Everything);
        }

        Assert.Equal(
            [
                "Warning: shop/web is not updated: quarantined: sha256:aaa failed here",
                "Information: Checked: 0 services seen, 0 up to date, 0 with an update, 0 unknown",
                "Warning: shop/web is not updated: quarantined: sha256:aaa failed here",
            ],
            logger.Lines);
    }

    private static CycleReport Report(params SkippedWorkload[] skipped) => new()
    {
        Cycle = "01J",
        StartedAt = DateTimeOffset.UnixEpoch,
        Seen = [],
        Plan = new PlanReport([], [.. skipped]),
    };
}
