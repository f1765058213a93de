using System.Collections.Immutable;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Core.Settings;

/// <summary>Who is told how rollouts ended.</summary>
public sealed record NotifySettings
{
    public ImmutableArray<ChannelSettings> Channels { get; init; } = [];

    /// <summary>What the machine is called in messages; null for its own name.</summary>
    public string? Host { get; init; }

    /// <summary>How long a notice that cannot be delivered is tried.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(3);

    public MessageTemplate Template { get; init; } = MessageTemplate.Default;

    /// <summary>Addresses that hear of each cycle, so that somebody misses it when none comes. They are secrets.</summary>
    public ImmutableArray<string> Pings { get; init; } = [];

    /// <summary>Shows no address.</summary>
    public override string ToString() => $"NotifySettings {{ Channels = {string.Join(", ", Channels.Select(channel => channel.Name))}, Pings = {Pings.Length} }}";
}

/// <summary>One channel, of one of the kinds of notifiers. Addresses of chat hooks are secrets themselves.</summary>
public sealed record ChannelSettings
{
    public string Kind { get; init; } = "";

    /// <summary>All that the state, logs and <c>status</c> ever know of it.</summary>
    public string Name { get; init; } = "";

    public string? Url { get; init; }

    /// <summary>What signs or authorises.</summary>
    public string? Secret { get; init; }

    /// <summary>As whom it signs in to Azure, where it does.</summary>
    public AzureSettings? Azure { get; init; }

    /// <summary>What else its kind needs; none of it is secret.</summary>
    public ImmutableDictionary<string, string> Options { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ChannelRules Rules { get; init; } = new();

    public string? Option(string name) => Options.GetValueOrDefault(name);

    public bool Flag(string name) => Option(name) == "true";

    public ChannelSettings With(string option, string value) => this with { Options = Options.SetItem(option, value) };

    /// <summary>Shows neither address nor secret.</summary>
    public override string ToString() => $"ChannelSettings {{ Kind = {Kind}, Name = {Name}, On = {string.Join(", ", Rules.On)} }}";
}
