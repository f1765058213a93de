using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Rendering;

public sealed class ProgressTests
{
    private readonly FakeTimeProvider time = new(Some.Moment);

    [Fact]
    public void The_board_has_a_line_for_each_service_and_fits_the_width()
    {
        var board = Fold(
            new RolloutEvent.Began(Some.Header("01J", Some.Step("db"), Some.Step("backend"), Some.Step("frontend"))),
            new RolloutEvent.Pulling(Pull("db", 11_400_000, 45_600_000)),
            new RolloutEvent.Pulling(Pull("backend", 800, 0)),
            new RolloutEvent.Moved(Some.Workload("frontend"), RolloutPhase.Failing, "GET http://127.0.0.1:5000/api/health: 500 and much more to say"));

        Assert.Equal(
            [
                "shop: updating db, backend, frontend (rollout 01J)",
                "  db         pulling     █████░░░░░░░░░░░░░░░ 11.4 MB of 45.6 MB",
                "  backend    pulling     ░░░░░░░░░░░░░░░░░░░░ 800 B",
                "  frontend   failing     GET http://127.0.0.1:5000/api/health: 500 a…",
            ],
            board.Lines(70));
    }

    [Fact]
    public void When_a_rollout_has_ended_the_board_is_empty() =>
        Assert.Empty(Fold(new RolloutEvent.Began(Some.Header()), new RolloutEvent.Ended(Some.Record())).Lines(70));

    [Fact]
    public void A_recovery_says_what_it_is() =>
        Assert.Equal("shop: ending what was left half done: backend (rollout 01J)", ProgressText.Of(new RolloutEvent.Began(Some.Header("01J") with { Trigger = Trigger.Recovery })));

    [Fact]
    public void Where_nothing_can_be_drawn_over_a_pull_speaks_every_two_seconds()
    {
        using var text = new StringWriter();
        using var progress = new PlainProgress(new Screen(text, isTerminal: false, colours: false, () => 80), time);

        for (var second = 0; second < 5; second++)
        {
            progress.Report(new RolloutEvent.Pulling(Pull("backend", second * 1_000_000, 5_000_000)));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        progress.Report(new RolloutEvent.Moved(Some.Workload(), RolloutPhase.Soaking, "30s"));

        Assert.Equal(
            """
            03:04:05 shop/backend: pulling 0 B of 5.0 MB
            03:04:07 shop/backend: pulling 2.0 MB of 5.0 MB
            03:04:09 shop/backend: pulling 4.0 MB of 5.0 MB
            03:04:10 shop/backend: soaking 30s

            """, text.ToString());
    }

    private static ProgressBoard Fold(params RolloutEvent[] happenings) =>
        happenings.Aggregate(ProgressBoard.Empty, (board, happening) => board.Fold(happening));

    private static PullProgress Pull(string service, long current, long total) => new(Some.Workload(service), "x", current, total);
}
