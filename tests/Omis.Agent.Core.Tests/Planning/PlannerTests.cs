using System.Collections.Immutable;
using CsCheck;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using static Omis.Agent.Core.Tests.Planning.PlanningScene;

namespace Omis.Agent.Core.Tests.Planning;

public sealed class PlannerTests
{
    [Fact]
    public void What_has_not_changed_is_left_alone()
    {
        var plan = new PlanningScene().Runs("web").Plan();

        Assert.True(plan.IsEmpty);
        Assert.Equal("upToDate", Reason(plan, "web"));
    }

    [Fact]
    public void What_an_index_names_for_one_platform_is_no_older_than_the_index()
    {
        var scene = new PlanningScene().Runs("web", '1').Answers("web", new RegistryAnswer.Found(Digest('2')) { Platforms = [Digest('9'), Digest('1')] });
        Assert.Equal("upToDate", Reason(scene.Plan(), "web"));

        var moved = new PlanningScene().Runs("web", '1').Answers("web", new RegistryAnswer.Found(Digest('2')) { Platforms = [Digest('9')] });
        Assert.Equal("web", Waves(moved.Plan()));
    }

    [Fact]
    public void Dependencies_go_first_and_independent_services_share_a_wave()
    {
        var plan = new PlanningScene()
            .Runs("frontend", '1', '2', Edges(Dependency.Order(Id("backend"))))
            .Runs("backend", '1', '2', Edges(Dependency.Order(Id("csvtomdb"))))
            .Runs("csvtomdb", '1', '2')
            .Runs("mail", '1', '2')
            .Plan();

        Assert.Equal("csvtomdb mail | backend | frontend", Waves(plan));
    }

    [Fact]
    public void Order_passes_through_services_that_do_not_change()
    {
        var plan = new PlanningScene()
            .Runs("frontend", '1', '2', Edges(Dependency.Order(Id("proxy"))))
            .Runs("proxy", '1', '1', Edges(Dependency.Order(Id("backend"))))
            .Runs("backend", '1', '2')
            .Plan();

        Assert.Equal("backend | frontend", Waves(plan));
        Assert.Equal("upToDate", Reason(plan, "proxy"));
    }

    [Fact]
    public void Dependents_are_left_alone_unless_they_asked_to_be_restarted()
    {
        var plan = new PlanningScene()
            .Runs("db", '1', '2')
            .Runs("quiet", '1', '1', Edges(Dependency.Order(Id("db"))))
            .Runs("eager", '1', '1', Edges(Dependency.Order(Id("db")) with { Restart = true }))
            .Plan();

        Assert.Equal("db | eager", Waves(plan));
        var eager = Steps(plan).Single(step => step.Workload.Service == "eager");
        Assert.Equal(StepAction.Restart, eager.Action);
        Assert.Equal([Id("db")], eager.After);
        Assert.Equal("upToDate", Reason(plan, "quiet"));
    }

    [Fact]
    public void Who_shares_a_namespace_is_recreated_on_its_own_image_transitively()
    {
        var plan = new PlanningScene()
            .Runs("vpn", '1', '2')
            .Runs("torrent", '5', '5', Edges(Dependency.Shares(Id("vpn"))))
            .Runs("exporter", '6', '6', Edges(Dependency.Shares(Id("torrent"))))
            .Plan();

        Assert.Equal("vpn | torrent | exporter", Waves(plan));
        Assert.All(Steps(plan), step => Assert.Equal(StepAction.Recreate, step.Action));
        Assert.Equal(["vpn"], Steps(plan).Where(step => step.ChangesImage).Select(step => step.Workload.Service));
        Assert.Equal([Id("vpn")], Steps(plan)[1].After);
    }

    [Fact]
    public void A_sharer_that_is_never_updated_still_follows_the_container_it_is_bound_to()
    {
        var plan = new PlanningScene()
            .Runs("vpn", '1', '2')
            .Runs("torrent", '5', '6', Edges(Dependency.Shares(Id("vpn"))))
            .Policy("torrent", new UpdatePolicy(UpdateMode.Never, PerService: false))
            .Plan();

        var torrent = Steps(plan).Single(step => step.Workload.Service == "torrent");
        Assert.Equal((Digest('5'), Digest('5')), (torrent.From!.Value, torrent.To!.Value));
    }

    [Fact]
    public void A_circle_is_named_and_refused()
    {
        var plan = new PlanningScene()
            .Runs("a", '1', '2', Edges(Dependency.Order(Id("b"))))
            .Runs("b", '1', '1', Edges(Dependency.Order(Id("a"))))
            .Plan();

        Assert.True(plan.IsEmpty);
        Assert.Equal("depends_on is a circle: a → b → a", plan.Skipped.Single(skip => skip.Reason == ReasonCode.DependencyCycle).Detail);
    }

    [Fact]
    public void A_quarantined_digest_holds_its_whole_project_until_the_tag_moves()
    {
        var scene = new PlanningScene().Runs("backend", '1', '6').Runs("frontend", '1', '2').Quarantined('6');

        Assert.Equal(["quarantined", "quarantined"], scene.Plan().Skipped.Select(skip => skip.Reason.Text()));
        Assert.Equal("backend frontend", Waves(scene.Has("backend", '7').Plan()));
    }

    [Fact]
    public void With_a_transaction_per_service_a_quarantined_digest_holds_only_its_own()
    {
        var alone = new UpdatePolicy(UpdateMode.Auto, PerService: true);
        var plan = new PlanningScene().Runs("backend", '1', '6').Runs("frontend", '1', '2').Quarantined('6')
            .Policy("backend", alone).Policy("frontend", alone).Plan();

        Assert.Equal("frontend", Waves(plan));
        Assert.Equal("quarantined", Reason(plan, "backend"));
    }

    [Fact]
    public void With_a_transaction_per_service_each_is_a_rollout_of_its_own_but_sharers_stay_together()
    {
        var alone = new UpdatePolicy(UpdateMode.Auto, PerService: true);
        var plan = new PlanningScene().Runs("vpn", '1', '2').Runs("web", '1', '2').Runs("torrent", '1', '2', Edges(Dependency.Shares(Id("vpn"))))
            .Policy("vpn", alone).Policy("web", alone).Policy("torrent", alone).Plan();

        Assert.Equal(["vpn torrent", "web"], plan.Rollouts.Select(rollout => string.Join(' ', rollout.Steps.Select(step => step.Workload.Service))).Order(StringComparer.Ordinal).Reverse().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("registry.test/web@sha256:1111111111111111111111111111111111111111111111111111111111111111", "digestPinned")]
    [InlineData("sha256:1111111111111111111111111111111111111111111111111111111111111111", "localImage")]
    public void What_names_no_tag_is_skipped_with_its_reason(string image, string reason) =>
        Assert.Equal(reason, Reason(new PlanningScene().Runs("web", '1', '2', workload => workload with { Image = image }).Plan(), "web"));

    [Fact]
    public void What_was_never_pulled_is_local() =>
        Assert.Equal("localImage", Reason(new PlanningScene().Runs("web", '1', '2', workload => workload with { Replicas = [workload.Replicas[0] with { Digests = [] }] }).Plan(), "web"));

    [Fact]
    public void What_was_built_here_and_never_pushed_is_local_although_it_has_a_digest()
    {
        var scene = new PlanningScene().Runs("web", '1', '2', workload => workload with { BuiltHere = true });

        Assert.Equal("web", Waves(scene.Plan()));
        Assert.Equal("localImage", Reason(scene.Unknown("web", '1').Plan(), "web"));
    }

    [Theory]
    [InlineData(RunState.Exited, "stopped")]
    [InlineData(RunState.Created, "stopped")]
    [InlineData(RunState.Paused, "stopped")]
    [InlineData(RunState.Dead, "stopped")]
    public void Stopped_services_are_left_stopped(RunState state, string reason) =>
        Assert.Equal(reason, Reason(new PlanningScene().Runs("web", '1', '2', workload => workload with { Replicas = [Replica("web", 1, '1', state)] }).Plan(), "web"));

    [Fact]
    public void A_crash_looping_service_is_updated() =>
        Assert.Equal("web", Waves(new PlanningScene().Runs("web", '1', '2', workload => workload with { Replicas = [Replica("web", 1, '1', RunState.Restarting)] }).Plan()));

    [Fact]
    public void A_finished_job_that_others_await_is_updated_and_runs_before_them()
    {
        var awaits = Dependency.Order(Id("migrate")) with { Condition = DependencyCondition.CompletedSuccessfully };
        var plan = new PlanningScene()
            .Runs("migrate", '1', '2', workload => workload with { Replicas = [Replica("migrate", 1, '1', RunState.Exited)] })
            .Runs("web", '1', '2', Edges(awaits)).Plan();

        Assert.Equal("migrate | web", Waves(plan));
        Assert.True(Steps(plan)[0].OneShot);
    }

    [Fact]
    public void Only_the_stale_running_replicas_are_replaced_lowest_number_first()
    {
        var plan = new PlanningScene().Runs("web", '1', '2', workload => workload with
        {
            Replicas = [Replica("web", 3, '1'), Replica("web", 1, '1'), Replica("web", 2, '2'), Replica("web", 4, '1', RunState.Exited)],
        }).Plan();

        Assert.Equal([1, 3], Steps(plan).Single().Replicas.Select(replica => replica.Number));
    }

    [Fact]
    public void A_container_whose_tag_was_pulled_by_hand_is_stale_too()
    {
        var plan = new PlanningScene().Runs("web", '1', '2', workload => workload with { Tagged = new LocalImage("image-2", [Digest('2')]) }).Plan();

        Assert.Equal(Digest('2'), Steps(plan).Single().To);
    }

    [Fact]
    public void With_no_pull_only_the_local_tag_counts()
    {
        var plan = new PlanningScene().Runs("web", '1', '9', workload => workload with
        {
            Labels = WorkloadLabels.None with { NoPull = true },
            Tagged = new LocalImage("image-2", [Digest('2')]),
        }).Plan();

        Assert.Equal(Digest('2'), Steps(plan).Single().To);
    }

    [Theory]
    [InlineData(UpdateMode.Never, "updateNever")]
    [InlineData(UpdateMode.Notify, "updateNotify")]
    public void The_policy_is_kept(UpdateMode mode, string reason) =>
        Assert.Equal(reason, Reason(new PlanningScene().Runs("web", '1', '2').Policy("web", new UpdatePolicy(mode, PerService: false)).Plan(), "web"));

    [Fact]
    public void A_bad_label_is_named_and_nothing_is_done()
    {
        var labels = WorkloadLabels.Parse(ImmutableDictionary<string, string>.Empty.Add("omis.agent.healthy.deadline", "soon"));
        var plan = new PlanningScene().Runs("web", '1', '2', workload => workload with { Labels = labels }).Plan();

        Assert.Equal("badLabel", Reason(plan, "web"));
        Assert.Contains("'soon' is not a duration", plan.Skipped[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_that_fails_holds_back_only_its_own()
    {
        var plan = new PlanningScene().Runs("web", '1', '2').Runs("mail", '1', '2')
            .Answers("mail", new RegistryAnswer.Failed(ReasonCode.RegistryUnavailable, "connection refused")).Plan();

        Assert.Equal("web", Waves(plan));
        Assert.Equal("registryUnavailable", Reason(plan, "mail"));
    }

    [Fact]
    public void A_chosen_service_brings_its_sharers_along_and_no_one_else()
    {
        var plan = new PlanningScene().Runs("vpn", '1', '2').Runs("torrent", '5', '6', Edges(Dependency.Shares(Id("vpn")))).Runs("web", '1', '2').Plan("vpn");

        Assert.Equal("vpn | torrent", Waves(plan));
        Assert.False(Steps(plan)[1].ChangesImage);
    }

    [Fact]
    public void Every_workload_is_in_a_wave_or_a_skip_and_every_edge_points_backwards()
    {
        var edges = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 7], Gen.Bool, Gen.Bool).Array[0, 12];
        Gen.Select(edges, Gen.Bool.Array[8]).Sample((drawn, changes) =>
        {
            var scene = new PlanningScene();
            for (var i = 0; i < 8; i++)
            {
                var own = drawn.Where(edge => edge.Item1 == i && edge.Item2 != i)
                    .Select(edge => new Dependency(Id($"s{edge.Item2}"), edge.Item3 ? DependencyKind.Shares : DependencyKind.Order, DependencyCondition.Started, edge.Item4)).ToArray();
                scene.Runs($"s{i}", '1', changes[i] ? '2' : '1', Edges(own));
            }

            var plan = scene.Plan();
            var steps = plan.Rollouts.SelectMany(rollout => rollout.Waves.Select((wave, i) => (wave, i))).SelectMany(pair => pair.wave.Steps.Select(step => (step.Workload, pair.i))).ToDictionary(pair => pair.Workload, pair => pair.i);
            Assert.Equal(8, steps.Count + plan.Skipped.Length);
            foreach (var workload in scene.Input().Workloads.Where(workload => steps.ContainsKey(workload.Id)))
            {
                Assert.All(workload.Dependencies.Where(edge => steps.ContainsKey(edge.On)), edge => Assert.True(steps[edge.On] < steps[workload.Id]));
            }
        }, iter: 2000);
    }

    private static ImmutableArray<Step> Steps(Plan plan) => [.. plan.Rollouts.SelectMany(rollout => rollout.Steps)];

    private static string Waves(Plan plan) =>
        string.Join(" || ", plan.Rollouts.Select(rollout => string.Join(" | ", rollout.Waves.Select(wave => string.Join(' ', wave.Steps.Select(step => step.Workload.Service))))));

    private static string Reason(Plan plan, string service) => plan.Skipped.Single(skip => skip.Workload.Service == service).Reason.Text();
}
