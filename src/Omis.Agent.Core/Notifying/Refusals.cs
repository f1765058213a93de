using System.Collections.Immutable;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Notifying;

/// <summary>Many services that are held back for one reason are one message for their project. Pure.</summary>
public static class Refusals
{
    private const int DetailsTold = 5;

    public static IEnumerable<Notice> Told(IEnumerable<RolloutRecord> refused) =>
        refused.GroupBy(record => (record.Project, record.Reason?.Code)).Select(group => Merge([.. group]));

    private static Notice.Ended Merge(ImmutableArray<RolloutRecord> records)
    {
        ImmutableArray<string> details = [.. records.Select(record => record.Reason?.Detail).OfType<string>().Distinct()];
        var more = details.Length > DetailsTold ? $"; and {details.Length - DetailsTold} more" : "";
        var first = records[0];
        var merged = first with
        {
            Reason = first.Reason is { } reason ? reason with { Detail = string.Join("; ", details.Take(DetailsTold)) + more } : null,
            Steps = [.. records.SelectMany(record => record.Steps)],
        };
        return new Notice.Ended(merged, merged.Id);
    }
}
