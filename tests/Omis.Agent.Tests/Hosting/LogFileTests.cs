using System.Text.Json;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Settings;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;
using Serilog.Events;

namespace Omis.Agent.Tests.Hosting;

public sealed class LogFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omis-log-").FullName;
    private readonly StringWriter screen = new();

    public void Dispose()
    {
        screen.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Each_line_of_a_rollout_has_its_id_and_those_around_it_do_not()
    {
        Log(LogFormat.Text, logger =>
        {
            Say(logger, "before");
            using (logger.BeginScope((KeyValuePair<string, object>[])[new("Rollout", "01J")]))
            {
                Say(logger, "within");
            }

            Say(logger, "after");
        });

        Assert.Equal(["before", "01J within", "after"], Lines().Select(line => line.Split(" INF ")[1].Trim()));
        Assert.Equal(3, screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void As_json_each_line_is_an_object_with_its_properties()
    {
        Log(LogFormat.Json, logger =>
        {
            using (logger.BeginScope((KeyValuePair<string, object>[])[new("Rollout", "01J")]))
            {
                Say(logger, "within");
            }
        });

        var line = JsonDocument.Parse(Assert.Single(Lines())).RootElement;
        Assert.Equal(("within", "01J"), (line.GetProperty("@m").GetString(), line.GetProperty("Rollout").GetString()));
    }

    [Fact]
    public void However_much_is_logged_size_and_count_are_bounded()
    {
        Log(LogFormat.Text, logger => Enumerable.Range(0, 400).ToList().ForEach(_ => Say(logger, new string('x', 400))), file => file with { MaxSize = LogFileSettings.LeastSize, Keep = 3 });

        var files = Directory.GetFiles(folder);
        Assert.Equal(3, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 2 * LogFileSettings.LeastSize));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_and_stops_nothing()
    {
        File.WriteAllText(Path.Combine(folder, "in-the-way"), "");

        Log(LogFormat.Text, logger => Say(logger, "still heard"), file => file with { Path = Path.Combine(folder, "in-the-way", "omis-agent.log") });

        Assert.Contains("still heard", screen.ToString(), StringComparison.Ordinal);
        Assert.Contains("in-the-way", screen.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Debugging_is_left_out_unless_it_is_asked_for()
    {
        Log(LogFormat.Text, logger =>
        {
#pragma warning disable CA1848, CA2254 // Lines for a test.
            logger.LogDebug("idle");
#pragma warning restore CA1848, CA2254
            Say(logger, "decided");
        });

        Assert.Single(Lines());
    }

    private void Log(LogFormat format, Action<ILogger> say, Func<LogFileSettings, LogFileSettings>? with = null)
    {
        var file = new LogFileSettings { Path = Path.Combine(folder, "omis-agent.log") };
        using var logging = Logging.To(new Screen(screen, isTerminal: false, colours: false, () => 80), LogEventLevel.Information, log: new LogSettings { Format = format, File = with?.Invoke(file) ?? file });
        say(logging.CreateLogger("test"));
    }

#pragma warning disable CA1848, CA2254 // Lines for a test.
    private static void Say(ILogger logger, string text) => logger.LogInformation(text);
#pragma warning restore CA1848, CA2254

    private string[] Lines() => File.ReadAllLines(Directory.GetFiles(folder, "omis-agent-*.log").Single());
}
