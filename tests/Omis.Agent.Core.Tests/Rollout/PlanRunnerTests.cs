using System.Collections.Immutable;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Tests.Planning;

namespace Omis.Agent.Core.Tests.Rollout;

public sealed class PlanRunnerTests
{
    private static readonly Sample Sick = Sample.Bad(ReasonCode.Exited, "exit code 1", final: true);

    private readonly RolloutScene scene = new();

    [Fact]
    public async Task A_healthy_rollout_stages_all_then_swaps_one_after_the_other_and_commits()
    {
        var record = await scene.RunAsync();

        Assert.Equal(Outcome.Committed, record.Outcome);
        Assert.Equal(
            ["fetch", "journal Started", "journal Staging", "stage db.1", "journal Staged", "journal Staging", "stage web.1", "journal Staged",
             "journal Swapping", "swap db.1", "journal Swapped", "journal Proven", "journal Swapping", "swap web.1", "journal Swapped", "journal Proven",
             "journal Committed", "finish db.1", "finish web.1", "close Committed"],
            scene.Engine.Transcript);
    }

    [Fact]
    public async Task An_unhealthy_step_takes_the_whole_transaction_back_last_step_first()
    {
        scene.Engine.Is("new-web.1", Sick);

        var record = await scene.RunAsync();

        Assert.Equal((Outcome.Reverted, ReasonCode.Exited), (record.Outcome, record.Reason!.Code));
        Assert.Equal("fetch, stage db.1, stage web.1, swap db.1, swap web.1, withdraw web.1, restore web.1, withdraw db.1, restore db.1, discard web.1, discard db.1", scene.Touches);
        Assert.Equal([Outcome.Reverted, Outcome.Reverted], record.Steps.Select(step => step.Outcome));
        Assert.Equal((7, "last words of web.1"), (record.Steps[1].ExitCode!.Value, record.Steps[1].LogTail!.Value.Single()));
        Assert.Equal("web", Assert.Single(scene.Engine.Quarantine).Workload.Service);
    }

    [Fact]
    public async Task What_cannot_be_created_is_found_while_everything_still_serves()
    {
        scene.Engine.Answers("stage web.1", new StepOutcome.Failed(ReasonCode.CreateFailed, "no command specified", ImageFault: true));

        var record = await scene.RunAsync();

        Assert.Equal(Outcome.Reverted, record.Outcome);
        Assert.Equal("fetch, stage db.1, stage web.1, discard web.1, discard db.1", scene.Touches);
        Assert.Equal([Outcome.Untouched, Outcome.Reverted], record.Steps.Select(step => step.Outcome));
        Assert.Single(scene.Engine.Quarantine);
    }

    [Fact]
    public async Task Where_images_come_from_is_known_from_the_beginning_of_the_rollout_also_of_those_that_had_no_turn()
    {
        scene.Engine.Answers("stage db.1", new StepOutcome.Failed(ReasonCode.CreateFailed, "no command specified", ImageFault: true));

        var record = await scene.RunAsync();

        Assert.Equal(["commit of db", "commit of web"], record.Steps.Select(step => step.ToOrigin?.Revision));
    }

    [Fact]
    public async Task A_loss_is_refused_with_nothing_touched_and_nothing_quarantined()
    {
        scene.Engine.Answers("stage db.1", new StepOutcome.Failed(ReasonCode.Lossy, "HostConfig.Foo"));

        var record = await scene.RunAsync();

        Assert.Equal(Outcome.Refused, record.Outcome);
        Assert.Empty(scene.Engine.Quarantine);
        Assert.DoesNotContain("swap", scene.Touches, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_pull_touches_nothing_and_blames_no_image()
    {
        scene.Engine.FetchFault = new FetchOutcome.Failed(PlanningScene.Id("web"), ReasonCode.PullFailed, "unexpected EOF");

        var record = await scene.RunAsync();

        Assert.Equal((Outcome.Failed, ReasonCode.PullFailed), (record.Outcome, record.Reason!.Code));
        Assert.Equal("fetch", scene.Touches);
        Assert.Empty(scene.Engine.Quarantine);
    }

    [Fact]
    public async Task A_full_disk_before_the_first_touch_touches_nothing()
    {
        scene.Engine.Throws("journal Started", 1, ReasonCode.Disk);

        var record = await scene.RunAsync();

        Assert.Equal((Outcome.Failed, ReasonCode.Disk), (record.Outcome, record.Reason!.Code));
        Assert.Equal("fetch", scene.Touches);
    }

    [Fact]
    public async Task A_disk_that_fills_in_the_middle_does_not_keep_a_service_down()
    {
        scene.Engine.Throws("journal Swapped", 1, ReasonCode.Disk);
        scene.Engine.Throws("journal Failing", 1, ReasonCode.Disk);

        var record = await scene.RunAsync();

        Assert.Equal((Outcome.Reverted, ReasonCode.Disk), (record.Outcome, record.Reason!.Code));
        Assert.Contains("restore db.1", scene.Touches, StringComparison.Ordinal);
        Assert.Empty(scene.Engine.Quarantine);
    }

    [Fact]
    public async Task Being_told_to_stop_in_the_middle_goes_back_all_the_way_and_blames_no_image()
    {
        using var stop = new CancellationTokenSource();
        scene.Engine.OnLine = line =>
        {
            if (line == "swap web.1")
            {
                stop.Cancel();
            }
        };

        var record = await scene.RunAsync(stop.Token);

        Assert.Equal((Outcome.Reverted, ReasonCode.Cancelled), (record.Outcome, record.Reason!.Code));
        Assert.EndsWith("restore db.1, discard web.1, discard db.1", scene.Touches, StringComparison.Ordinal);
        Assert.Empty(scene.Engine.Quarantine);
    }

    [Fact]
    public async Task Going_back_is_tried_again_while_the_engine_is_away()
    {
        scene.Engine.Is("new-web.1", Sick);
        scene.Engine.Throws("restore web.1", 5);

        var record = await scene.RunAsync();

        Assert.Equal(Outcome.Reverted, record.Outcome);
        Assert.Contains("restore web.1 !, withdraw db.1, restore db.1, withdraw web.1, restore web.1 !", scene.Touches, StringComparison.Ordinal);
        Assert.Contains("restore web.1, discard web.1", scene.Touches, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_brought_back_within_the_budget_is_stuck_stays_open_and_is_mended_later()
    {
        scene.Engine.Is("new-web.1", Sick);
        scene.Engine.Throws("restore web.1", int.MaxValue / 1024 / 1024);

        var stuck = await scene.RunAsync();
        Assert.Equal(Outcome.Stuck, stuck.Outcome);
        Assert.Contains("going back failed", stuck.Reason!.Detail, StringComparison.Ordinal);
        Assert.NotEmpty(scene.Engine.Journal);

        scene.Engine.Throws("restore web.1", 0);
        var mended = Assert.Single(await scene.RecoverAsync());
        Assert.Equal((Outcome.Reverted, Trigger.Recovery), (mended.Outcome, mended.Trigger));
        Assert.NotEqual(stuck.Id, mended.Id);
        Assert.Empty(scene.Engine.Journal);
    }

    [Fact]
    public async Task An_old_container_that_does_not_come_back_healthy_is_stuck()
    {
        scene.Engine.Is("new-web.1", Sick);
        scene.Engine.OnLine = line =>
        {
            if (line == "withdraw web.1")
            {
                scene.Engine.Is("old-web.1", Sick);
            }
        };

        var record = await scene.RunAsync();

        Assert.Equal(Outcome.Stuck, record.Outcome);
        Assert.Contains("shop-web-1 runs again but is not healthy: exit code 1", record.Reason!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_container_that_was_sick_before_need_not_be_better_afterwards()
    {
        scene.Engine.Is("old-web.1", Sick);
        scene.Engine.Is("new-web.1", Sick);

        Assert.Equal(Outcome.Reverted, (await scene.RunAsync()).Outcome);
    }

    [Fact]
    public async Task The_first_replica_is_the_canary()
    {
        scene.Steps = [RolloutScene.Step("web", replicas: 3)];
        scene.Engine.Is("new-web.1", Sick);

        await scene.RunAsync();

        Assert.DoesNotContain("swap web.2", scene.Touches, StringComparison.Ordinal);
        Assert.EndsWith("withdraw web.1, restore web.1, discard web.3, discard web.2, discard web.1", scene.Touches, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_someone_else_changed_is_left_alone_and_the_rest_goes_back()
    {
        scene.Engine.Answers("swap web.1", new StepOutcome.Failed(ReasonCode.ChangedByOthers, "removed by someone else"));
        scene.Engine.Answers("restore web.1", new StepOutcome.Failed(ReasonCode.ChangedByOthers, "removed by someone else"));

        var record = await scene.RunAsync();

        Assert.Equal((Outcome.Reverted, ReasonCode.ChangedByOthers), (record.Outcome, record.Reason!.Code));
        Assert.Contains("restore db.1", scene.Touches, StringComparison.Ordinal);
        Assert.Empty(scene.Engine.Quarantine);
    }

    [Fact]
    public async Task A_neighbour_that_falls_ill_during_the_soak_takes_all_back_and_blames_all_that_is_new()
    {
        scene.Settings = scene.Settings with { Defaults = scene.Settings.Defaults with { Soak = TimeSpan.FromSeconds(10) } };
        var proxy = new Subject(PlanningScene.Id("proxy"), "proxy-id", OneShot: false, HealthRules.Default);
        scene.Engine.OnLine = line =>
        {
            if (line == "journal Soaking")
            {
                scene.Engine.Is("proxy-id", Sick);
            }
        };

        var record = await scene.RunAsync(default, proxy);

        Assert.Equal((Outcome.Reverted, ReasonCode.SoakFailed), (record.Outcome, record.Reason!.Code));
        Assert.Equal(["db", "web"], scene.Engine.Quarantine.Select(entry => entry.Workload.Service));
    }

    [Fact]
    public async Task A_commit_that_cannot_be_cleaned_up_stands_and_is_finished_at_the_next_start()
    {
        scene.Engine.Throws("finish web.1", 1);

        Assert.Equal(Outcome.Committed, (await scene.RunAsync()).Outcome);
        Assert.Empty(scene.Engine.History);

        Assert.Equal(Outcome.Committed, Assert.Single(await scene.RecoverAsync()).Outcome);
        Assert.Equal(Outcome.Committed, Assert.Single(scene.Engine.History).Outcome);
    }

    [Theory]
    [InlineData(1, 5, Outcome.Failed)]
    [InlineData(6, 9, Outcome.Reverted)]
    [InlineData(10, 12, Outcome.Committed)]
    public async Task Dying_after_any_line_of_the_journal_ends_uniform_at_the_next_start(int first, int last, Outcome expected)
    {
        var whole = await JournalOfAsync();
        for (var died = first; died <= last; died++)
        {
            var next = new RolloutScene();
            next.Engine.Journal.AddRange(whole.Take(died));

            Assert.Equal(expected, Assert.Single(await next.RecoverAsync()).Outcome);
            Assert.Empty(next.Engine.Journal);
            Assert.Empty(next.Engine.Quarantine);
        }

        Assert.Equal(12, whole.Length);
    }

    [Fact]
    public async Task A_soak_that_was_interrupted_goes_on_where_it_was_and_with_the_same_neighbours()
    {
        var soak = TimeSpan.FromMinutes(10);
        scene.Settings = scene.Settings with { Defaults = scene.Settings.Defaults with { Soak = soak } };
        var whole = await JournalOfAsync();
        var began = new JournalEntry.Soaking(scene.Now - TimeSpan.FromMinutes(9)) { Neighbours = [new Neighbour(PlanningScene.Id("proxy"), "proxy-id")] };
        scene.Engine.Journal.AddRange([.. whole.Take(whole.Length - 1), began]);
        var from = scene.Now;

        Assert.Equal(Outcome.Committed, Assert.Single(await scene.RecoverAsync()).Outcome);

        Assert.InRange(scene.Now - from, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
        scene.Engine.Journal.AddRange([.. whole.Take(whole.Length - 1), began]);
        scene.Engine.Is("proxy-id", Sick);
        Assert.Equal(ReasonCode.SoakFailed, Assert.Single(await scene.RecoverAsync()).Reason!.Code);
    }

    [Fact]
    public async Task What_was_proven_before_the_interruption_and_is_no_longer_well_goes_back()
    {
        var whole = await JournalOfAsync();
        scene.Engine.Journal.AddRange(whole.Take(whole.Length - 1));
        scene.Engine.Is("new-web.1", Sick);

        Assert.Equal(Outcome.Reverted, Assert.Single(await scene.RecoverAsync()).Outcome);
        Assert.Empty(scene.Engine.Quarantine);
    }

    private static async Task<ImmutableArray<JournalEntry>> JournalOfAsync()
    {
        var scene = new RolloutScene();
        var entries = ImmutableArray<JournalEntry>.Empty;
        scene.Engine.OnLine = line => entries = line == "close Committed" ? [.. scene.Engine.Journal] : entries;
        await scene.RunAsync();
        return entries;
    }
}
