using CsCheck;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Core.Tests.Probing;

/// <summary>What holds for every series of looks. A failing one is printed with the seed that replays it.</summary>
public sealed class HealthWatchProperties
{
    private static readonly Gen<Sample> Looks = Gen.Frequency(
        (8, Gen.Const(Sample.Good())),
        (3, Gen.Const(Sample.Bad(ReasonCode.ProbeFailed, "refused"))),
        (1, Gen.Const(Sample.Bad(ReasonCode.EngineUnavailable, "gone"))),
        (1, Gen.Int[0, 40].Select(seconds => Sample.Bad(ReasonCode.Unhealthy, "starting") with { StartAllowance = TimeSpan.FromSeconds(seconds) })),
        (1, Gen.Const(Sample.Bad(ReasonCode.Exited, "dead", final: true))));

    private static readonly Gen<Case> Cases = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 40], Gen.Select(Gen.Int[0, 8], Looks).Array[1, 30], (stable, deadline, looks) =>
        new Case(new HealthRules(TimeSpan.FromSeconds(stable), TimeSpan.FromSeconds(deadline), []), looks));

    [Fact]
    public void Healthy_is_never_said_without_good_looks_unbroken_for_the_stable_time() => Cases.Sample(made =>
    {
        var (folded, verdict) = made.Run();
        return verdict is not Health.Healthy || UnbrokenAtTheEnd(folded) >= made.Rules.StableFor;
    });

    [Fact]
    public void Healthy_is_said_as_soon_as_the_looks_allow() => Cases.Sample(made =>
    {
        var (folded, verdict) = made.Run();
        return verdict is Health.Healthy || UnbrokenAtTheEnd(folded) is not { } unbroken || unbroken < made.Rules.StableFor;
    });

    [Fact]
    public void Unhealthy_is_said_only_of_the_dead_or_at_the_deadline_and_there_without_fail() => Cases.Sample(made =>
    {
        var (folded, verdict) = made.Run();
        var (at, last) = folded[^1];
        var allowance = folded.Max(look => look.Sample.StartAllowance) + made.Rules.StableFor;
        var deadline = allowance > made.Rules.Deadline ? allowance : made.Rules.Deadline;
        return verdict is Health.Healthy || (verdict is Health.Unhealthy) == (last.Final || at >= deadline);
    });

    [Fact]
    public void An_engine_that_is_away_is_never_the_images_fault() => Cases.Sample(made =>
        made.Run().Verdict is not Health.Unhealthy { Code: ReasonCode.EngineUnavailable, ImageFault: true });

    /// <returns>How long the last looks had all been good, null where the very last was not.</returns>
    private static TimeSpan? UnbrokenAtTheEnd(List<(TimeSpan At, Sample Sample)> folded)
    {
        var good = folded.AsEnumerable().Reverse().TakeWhile(look => look.Sample.Ok).ToList();
        return good.Count == 0 ? null : good[0].At - good[^1].At;
    }

    private sealed record Case(HealthRules Rules, (int Gap, Sample Sample)[] Looks)
    {
        /// <returns>The looks up to the first verdict, and that.</returns>
        public (List<(TimeSpan At, Sample Sample)> Folded, Health? Verdict) Run()
        {
            var (watch, at, folded) = (new HealthWatch(Rules), TimeSpan.Zero, new List<(TimeSpan, Sample)>());
            foreach (var (gap, sample) in Looks.TakeWhile(_ => watch.Verdict is null))
            {
                at += TimeSpan.FromSeconds(gap);
                folded.Add((at, sample));
                watch = watch.Fold(at, sample);
            }

            return (folded, watch.Verdict);
        }

        public override string ToString() =>
            $"stable {Rules.StableFor.TotalSeconds} deadline {Rules.Deadline.TotalSeconds}: {string.Join(' ', Looks.Select(look => $"+{look.Gap}s {(look.Sample.Ok ? "good" : look.Sample.Detail)}/{look.Sample.StartAllowance.TotalSeconds}"))}";
    }
}
