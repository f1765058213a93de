using System.Diagnostics;
using System.Globalization;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// Names this process so that another can tell whether it still lives: its number, when it was born, and in which
/// boot of the machine. Two agents with a state of their own on one engine do not take each other's work for leavings.
/// </summary>
internal static class Maker
{
    public static string Mine { get; } = Text(Environment.ProcessId) ?? Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <param name="maker">As on a label; where there is none, nobody can say that it lives.</param>
    public static bool IsAnotherThatLives(string? maker) =>
        maker is not null && maker != Mine
        && int.TryParse(maker.Split('-')[0], CultureInfo.InvariantCulture, out var id) && Text(id) == maker;

    private static string? Text(int id) =>
        Birth(id) is { } birth ? string.Create(CultureInfo.InvariantCulture, $"{id}-{birth}") : null;

    private static string? Birth(int id)
    {
        try
        {
            return OperatingSystem.IsLinux() ? $"{StartTicks(id)}-{File.ReadAllText("/proc/sys/kernel/random/boot_id")[..8]}"
                : Process.GetProcessById(id).StartTime.ToFileTimeUtc().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Field 22; the second, in parentheses, may hold anything. Source: proc_pid_stat(5).</summary>
    private static string StartTicks(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    }
}
