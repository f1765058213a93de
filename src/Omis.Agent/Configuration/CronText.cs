using Cronos;

namespace Omis.Agent.Configuration;

/// <summary>Five fields, or six with seconds first.</summary>
internal static class CronText
{
    public static CronExpression? TryParse(string text)
    {
        var format = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        return CronExpression.TryParse(text, format, out var cron) ? cron : null;
    }

    /// <summary>False for a day that never comes, such as 30 February.</summary>
    public static bool Occurs(string text) =>
        TryParse(text) is { } cron && cron.GetNextOccurrence(DateTime.UnixEpoch, TimeZoneInfo.Utc) is not null;
}
