using System.Collections.Immutable;

namespace Omis.Agent.Core.Notifying;

/// <summary>Which channels get a notice, by the settings in force at that moment.</summary>
public sealed class Addressees(Func<ImmutableArray<Channel>> channels)
{
    public static readonly Addressees Nobody = new(() => []);

    public IEnumerable<string> Of(Notice notice) => channels().Where(channel => channel.Rules.Wants(notice)).Select(channel => channel.Name);
}
