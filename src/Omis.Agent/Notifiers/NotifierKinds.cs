using System.Collections.Immutable;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Notifiers;

/// <summary>All kinds that there are, by name.</summary>
internal sealed class NotifierKinds
{
    /// <exception cref="InvalidOperationException">Two kinds have one name.</exception>
    public NotifierKinds(params ImmutableArray<NotifierKind> kinds)
    {
        All = kinds;
        if (kinds.GroupBy(kind => kind.Name).FirstOrDefault(named => named.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"two notifiers are called '{twice.Key}'; there are: {Names}");
        }
    }

    public ImmutableArray<NotifierKind> All { get; }

    private string Names => string.Join(", ", All.Select(kind => kind.Name));

    /// <exception cref="InvalidOperationException">There is no such kind.</exception>
    public INotifier Make(ChannelSettings channel, NotifierTools tools) =>
        (All.FirstOrDefault(kind => kind.Name == channel.Kind) ?? throw new InvalidOperationException($"no notifier is called '{channel.Kind}'; there are: {Names}"))
        .Make(channel, tools);
}
