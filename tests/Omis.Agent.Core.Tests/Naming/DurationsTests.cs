using CsCheck;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Tests.Naming;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("90s", 90_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("1.001s", 1_001)]
    [InlineData("2h32m", 9_120_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("5h34m56s", 20_096_000)]
    public void Durations_are_written_as_in_compose_files(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Durations.TryParse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1x")]
    [InlineData("s")]
    [InlineData("1 s")]
    [InlineData("1s\n")]
    [InlineData("1m30")]
    [InlineData("367d")]
    [InlineData("999999999h")]
    public void What_is_no_duration_is_refused(string? text) => Assert.Null(Durations.TryParse(text));

    [Fact]
    public void A_microsecond_is_kept() => Assert.Equal("1s300us", Durations.Text(Durations.TryParse("1000ms300us")!.Value));

    [Fact]
    public void Whatever_is_written_reads_the_same() =>
        Gen.Long[0, Durations.Longest.Ticks / TimeSpan.TicksPerMicrosecond].Select(count => TimeSpan.FromMicroseconds(count))
            .Sample(duration => Durations.TryParse(Durations.Text(duration)) == duration, iter: 20_000);

    [Fact]
    public void No_text_makes_it_throw() =>
        Gen.String[Gen.Char["0123456789.smhdu "], 0, 70]
            .Sample(text => Durations.TryParse(text) is not { } duration || (duration >= TimeSpan.Zero && duration <= Durations.Longest), iter: 20_000);
}
