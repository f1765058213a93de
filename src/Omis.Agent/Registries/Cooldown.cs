using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries;

/// <summary>A registry that said 429 is left alone until the time it named is over.</summary>
internal sealed class Cooldown(string registry, TimeProvider clock)
{
    private static readonly TimeSpan Unnamed = TimeSpan.FromMinutes(1);

    /// <summary>Docker Hub's window is six hours; whoever names more than a day is not believed.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private volatile Pause? _pause;

    /// <summary>The refusal to give instead of asking; null while it may be asked.</summary>
    public RegistryAnswer.Failed? Refusal =>
        _pause is { } pause && pause.Length - clock.GetElapsedTime(pause.Since) is var left && left > TimeSpan.Zero ? Limited(left) : null;

    public RegistryAnswer.Failed Begin(HttpResponseMessage response)
    {
        var length = Asked(response) ?? Unnamed;
        _pause = new Pause(clock.GetTimestamp(), length);
        return Limited(length);
    }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    public TimeSpan? Asked(HttpResponseMessage response)
    {
        // By the server's own clock where it tells, since ours may differ.
        var now = response.Headers.Date ?? clock.GetUtcNow();
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => RateHeaders.Reset(response) - now,
        };
        return asked > Longest ? Longest : asked;
    }

    private RegistryAnswer.Failed Limited(TimeSpan left) =>
        new(ReasonCode.RateLimited, $"{registry} limits the rate of questions; it is asked again in {Durations.Text(TimeSpan.FromSeconds(Math.Ceiling(Math.Max(left.TotalSeconds, 0))))}");

    private sealed record Pause(long Since, TimeSpan Length);
}
