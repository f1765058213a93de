using Microsoft.Extensions.Logging;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;
using Serilog.Events;

namespace Omis.Agent.Tests.Hosting;

public sealed class LoggingTests
{
    [Theory]
    [InlineData(false, null, LogEventLevel.Warning)]
    [InlineData(false, "", LogEventLevel.Warning)]
    [InlineData(false, "information", LogEventLevel.Information)]
    [InlineData(false, "DEBUG", LogEventLevel.Debug)]
    [InlineData(true, "error", LogEventLevel.Debug)]
    [InlineData(false, "loud", null)]
    public void Verbose_wins_then_the_environment_then_what_is_usual(bool verbose, string? wanted, LogEventLevel? level) =>
        Assert.Equal(level, Logging.Level(verbose, wanted, LogEventLevel.Warning));

    [Fact]
    public void A_fault_is_one_line_and_has_its_stack_only_when_debugging()
    {
        Assert.Matches("^[0-9:]{8} ERR gone \\(IOException: no disk\\)\n$", Logged(LogEventLevel.Information));
        Assert.Contains("\nSystem.IO.IOException: no disk", Logged(LogEventLevel.Debug), StringComparison.Ordinal);
    }

    private static string Logged(LogEventLevel level)
    {
        using var text = new StringWriter();
        using (var logging = Logging.To(new Screen(text, isTerminal: false, colours: false, () => 80), level))
        {
#pragma warning disable CA1848, CA2254 // One line for one test.
            logging.CreateLogger("test").LogError(new IOException("no disk"), "gone");
#pragma warning restore CA1848, CA2254
        }

        return text.ToString();
    }
}
