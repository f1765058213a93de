using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using static Omis.Agent.Core.Tests.Probing.ProbingScene;

namespace Omis.Agent.Core.Tests.Probing;

public sealed class SoakTests
{
    private readonly ProbingScene scene = new();

    [Fact]
    public async Task All_well_to_the_end_is_a_pass_and_the_end_is_looked_at_too()
    {
        Assert.Null(await scene.SoakAsync(2.5));
        Assert.Equal([0, 1, 2, 2.5], scene.Looks.Select(look => look.TotalSeconds));
    }

    [Fact]
    public async Task Two_misses_in_a_row_are_forgiven()
    {
        scene.Sampler.Script("web", Well, Sick, Sick, Well, Sick, Sick, Well);

        Assert.Null(await scene.SoakAsync(10));
    }

    [Fact]
    public async Task Three_misses_in_a_row_are_not()
    {
        scene.Sampler.Script("web", Well, Sick, Sick, Sick, Well);

        var failed = await scene.SoakAsync(10);

        Assert.Equal(new Health.Unhealthy(ReasonCode.SoakFailed, "probeFailed: refused", ImageFault: true), failed!.Value.Why);
        Assert.Equal(TimeSpan.FromSeconds(3), scene.Looks[^1]);
    }

    [Fact]
    public async Task A_death_is_not_forgiven_once_and_the_dead_one_is_named()
    {
        scene.Sampler.Script("db", Well, Dead);

        var failed = await scene.SoakAsync(10, default, "web", "db");

        Assert.Equal(("db", "exited: exit code 1"), (failed!.Value.Subject.ContainerId, failed.Value.Why.Detail));
    }

    [Fact]
    public async Task An_engine_that_is_away_is_not_the_images_fault()
    {
        scene.Sampler.Script("web", Sample.Bad(ReasonCode.EngineUnavailable, "gone"));

        Assert.False((await scene.SoakAsync(10))!.Value.Why.ImageFault);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_soak_too_short_for_three_misses_does_not_let_a_sick_one_through(double seconds)
    {
        scene.Sampler.Script("web", Well, Sick);

        Assert.NotNull(await scene.SoakAsync(seconds));
    }

    [Fact]
    public async Task A_miss_at_the_very_end_is_looked_into()
    {
        scene.Sampler.Script("web", Well, Well, Sick, Sick, Well);

        Assert.Null(await scene.SoakAsync(2));
        Assert.Equal([0, 1, 2, 3, 4], scene.Looks.Select(look => look.TotalSeconds));
    }

    [Fact]
    public async Task Taking_turns_at_being_sick_does_not_go_on_for_ever()
    {
        Sample[] turns = [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? Well : Sick)];
        scene.Sampler.Script("web", turns).Script("db", turns[1..]);

        Assert.NotNull(await scene.SoakAsync(2, default, "web", "db"));
    }

    [Fact]
    public async Task Cancelling_throws_and_is_no_pass()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3), scene.Time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.SoakAsync(10, stop.Token));
    }
}
