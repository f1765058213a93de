using System.Globalization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Core.Tests.Probing;

public sealed class HealthWatchTests
{
    private static readonly HealthRules Rules = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), []);

    /// <summary>Looks as <c>second:what</c>: + good, - bad, E engine away, X dead, D job done, A starting with 90 s allowed.</summary>
    [Theory]
    [InlineData("0:+", "undecided")]
    [InlineData("0:+ 9:+", "undecided")]
    [InlineData("0:+ 10:+", "healthy")]
    [InlineData("0:- 5:+ 14:+", "undecided")]
    [InlineData("0:- 5:+ 15:+", "healthy")]
    [InlineData("0:+ 9:- 10:+ 19:+", "undecided")]
    [InlineData("0:+ 9:- 10:+ 20:+", "healthy")]
    [InlineData("0:+ 9:E 10:+ 19:+", "undecided")]
    [InlineData("0:X", "exited 'exit code 1' fault")]
    [InlineData("0:+ 5:X", "exited 'exit code 1' fault")]
    [InlineData("0:- 1:D", "healthy")]
    [InlineData("0:- 59:-", "undecided")]
    [InlineData("0:- 60:-", "probeFailed 'refused' fault")]
    [InlineData("0:- 60:E", "engineUnavailable 'gone' no-fault")]
    [InlineData("0:E 30:- 60:E", "engineUnavailable 'gone' no-fault")]
    [InlineData("0:- 55:+ 60:+", "probeFailed 'refused; well since, but not for 10s before the deadline' fault")]
    [InlineData("0:E 55:+ 60:+", "engineUnavailable 'gone; well since, but not for 10s before the deadline' no-fault")]
    [InlineData("61:+", "unhealthy 'no look was in time; well since, but not for 10s before the deadline' fault")]
    [InlineData("0:A 60:A", "undecided")]
    [InlineData("0:A 99:A", "undecided")]
    [InlineData("0:A 100:A", "unhealthy 'starting' fault")]
    [InlineData("0:A 60:E", "undecided")]
    [InlineData("0:A 89:+ 99:+", "healthy")]
    public void The_fold_decides(string looks, string expected)
    {
        var watch = looks.Split(' ').Aggregate(new HealthWatch(Rules), (watch, look) => watch.Fold(TimeSpan.FromSeconds(int.Parse(look[..^2], CultureInfo.InvariantCulture)), Look(look[^1])));

        Assert.Equal(expected, Text(watch.Verdict));
    }

    [Fact]
    public void The_first_good_look_is_remembered_though_bad_ones_follow()
    {
        var watch = new HealthWatch(Rules)
            .Fold(TimeSpan.FromSeconds(1), Look('-')).Fold(TimeSpan.FromSeconds(2), Look('+'))
            .Fold(TimeSpan.FromSeconds(3), Look('-')).Fold(TimeSpan.FromSeconds(4), Look('+'));

        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)), (watch.FirstOk!.Value, watch.OkSince!.Value));
    }

    [Fact]
    public void Without_a_stable_time_the_first_good_look_decides() =>
        Assert.IsType<Health.Healthy>(new HealthWatch(Rules with { StableFor = TimeSpan.Zero }).Fold(TimeSpan.Zero, Sample.Good()).Verdict);

    private static Sample Look(char kind) => kind switch
    {
        '+' => Sample.Good(),
        '-' => Sample.Bad(ReasonCode.ProbeFailed, "refused"),
        'E' => Sample.Bad(ReasonCode.EngineUnavailable, "gone"),
        'X' => Sample.Bad(ReasonCode.Exited, "exit code 1", final: true),
        'D' => new Sample { Ok = true, Final = true },
        _ => Sample.Bad(ReasonCode.Unhealthy, "starting") with { StartAllowance = TimeSpan.FromSeconds(90) },
    };

    private static string Text(Health? verdict) => verdict switch
    {
        null => "undecided",
        Health.Unhealthy sick => $"{sick.Code.Text()} '{sick.Detail}' {(sick.ImageFault ? "fault" : "no-fault")}",
        _ => "healthy",
    };
}
