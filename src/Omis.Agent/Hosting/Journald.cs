using System.Globalization;
using Serilog.Events;

namespace Omis.Agent.Hosting;

/// <summary>Under systemd a line's level stands before it as <c>&lt;N&gt;</c>, and the journal has the time. Source: sd-daemon(3).</summary>
internal static class Journald
{
    /// <summary>
    /// Whether standard error is the journal's. JOURNAL_STREAM alone also reaches what a service starts, a desktop's
    /// terminals among them; SYSTEMD_EXEC_PID names the process that systemd started itself (since 248).
    /// </summary>
    public static bool Reads(IReadOnlyDictionary<string, string> environment, int pid) =>
        environment.GetValueOrDefault("JOURNAL_STREAM") is { Length: > 0 }
        && environment.GetValueOrDefault("SYSTEMD_EXEC_PID") == pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Every line has its own prefix: a stack's too, or the journal would take it for information.</summary>
    public static string Prefixed(LogEventLevel level, string text) =>
        string.Join('\n', text.Split('\n').Select(line => $"<{Number(level)}>{line}"));

    private static int Number(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };
}
