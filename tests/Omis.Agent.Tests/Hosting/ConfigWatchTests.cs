using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Hosting;

namespace Omis.Agent.Tests.Hosting;

public sealed class ConfigWatchTests
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider time = new();
    private string content = "one";
    private int told;

    [Fact]
    public void A_change_is_told_once_and_only_when_it_has_stayed()
    {
        using var watch = Watch();
        Look("one", 0);
        Look("two", 0);
        Look("three", 0);
        Look("three", 1);
        Look("three", 1);
    }

    [Fact]
    public void What_is_as_before_again_is_no_change()
    {
        using var watch = Watch();
        Look("two", 0);
        Look("one", 0);
        Look("two", 0);
        Look("one", 0);
    }

    private ConfigWatch Watch() => new(() => content, () => told++, time);

    private void Look(string now, int expected)
    {
        content = now;
        time.Advance(Glance);
        Assert.Equal(expected, told);
    }
}
