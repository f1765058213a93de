using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;

namespace Omis.Agent.Tests.Hosting;

public sealed class ScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 270)]
    [InlineData(0.5, 300)]
    [InlineData(1, 330)]
    public void Jitter_spreads_the_time_between_checks_evenly_around_it(double dice, int seconds) =>
        Assert.Equal(Noon.AddSeconds(seconds), new Schedule(new ScheduleSettings()).Next(Noon, dice));

    [Fact]
    public void Without_jitter_it_is_exact() =>
        Assert.Equal(Noon.AddMinutes(5), new Schedule(new ScheduleSettings { Jitter = 0 }).Next(Noon, 0.9));

    [Theory]
    [InlineData("30 12 * * *", "2026-05-01T12:30:00Z")]
    [InlineData("15 30 12 * * *", "2026-05-01T12:30:15Z")]
    [InlineData("0 12 * * *", "2026-05-02T12:00:00Z")]
    public void Cron_has_five_fields_or_six_and_no_jitter(string cron, string next) =>
        Assert.Equal(DateTimeOffset.Parse(next, null), new Schedule(new ScheduleSettings { Cron = cron }).Next(Noon, 0.9));

    [Fact]
    public void Cron_counts_in_its_own_time_zone()
    {
        var berlin = new ScheduleSettings { Cron = "0 3 * * *", TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

        Assert.Equal(new DateTimeOffset(2026, 5, 2, 1, 0, 0, TimeSpan.Zero), new Schedule(berlin).Next(Noon, 0).ToUniversalTime());
    }

    [Fact]
    public void An_hour_that_a_time_zone_leaves_out_is_checked_when_it_is_over()
    {
        var berlin = new ScheduleSettings { Cron = "30 2 29 3 *", TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), new Schedule(berlin).Next(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.Zero), 0).ToUniversalTime());
    }

    [Fact]
    public void What_could_not_look_looks_again_soon_but_not_later_than_it_would_have()
    {
        Assert.Equal(Noon.AddSeconds(15), new Schedule(new ScheduleSettings()).Retry(Noon, 0.5));
        Assert.Equal(Noon.AddSeconds(2), new Schedule(new ScheduleSettings { Every = TimeSpan.FromSeconds(2) }).Retry(Noon, 0.5));
    }
}
