using Omis.Agent.Rendering;

namespace Omis.Agent.Tests.Rendering;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(12_340, "12.3 kB")]
    [InlineData(12_340_000, "12.3 MB")]
    [InlineData(2_500_000_000, "2.50 GB")]
    public void Bytes_are_decimal_as_docker_shows_them(long bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(640, "640 ms")]
    [InlineData(3_240, "3.2 s")]
    [InlineData(90_000, "1m30s")]
    [InlineData(7_500_000, "2h05m")]
    public void Spans_have_two_units_at_most(long ms, string text) => Assert.Equal(text, Words.Milliseconds(ms));

    [Fact]
    public void Times_are_on_the_readers_own_clock() =>
        Assert.Equal("2026-05-01 14:00:00", Words.Time(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
}
