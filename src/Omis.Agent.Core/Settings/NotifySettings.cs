using System.Collections.Immutable;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Core.Settings;

/// <summary>Who is told how rollouts ended.</summary>
public sealed record NotifySettings
{
    public ImmutableArray<HookSettings> Slack { get; init; } = [];

    public ImmutableArray<HookSettings> Teams { get; init; } = [];

    /// <summary>CloudEvents, signed where there is a secret.</summary>
    public ImmutableArray<HookSettings> Webhook { get; init; } = [];
}

/// <summary>One address that notices are posted to. Slack's and Teams' addresses are secrets themselves.</summary>
public sealed record HookSettings
{
    public string Url { get; init; } = "";

    public string? Secret { get; init; }

    public ImmutableArray<Outcome> On { get; init; } = [Outcome.Committed, Outcome.Reverted, Outcome.Stuck, Outcome.Refused, Outcome.Failed];

    /// <summary>Shows neither address nor secret.</summary>
    public override string ToString() => $"HookSettings {{ On = {string.Join(", ", On)} }}";
}
