using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries;

/// <summary>
/// Whether a registry answers. One that does not is left alone for a while, longer each time, so that a dead one costs
/// neither us nor itself a question per image and cycle. All the others go on as ever.
/// </summary>
internal sealed partial class Standing(string registry, RegistryPatience patience, TimeProvider clock, ILogger logger)
{
    private readonly Lock _gate = new();
    private Outage? _outage;

    /// <summary>What to say instead of asking, to somebody who came then; null where it may be asked.</summary>
    public RegistryAnswer.Failed? Refusal(long came)
    {
        lock (_gate)
        {
            return _outage is not { } outage ? null
                : outage.At > came ? outage.Failure
                : outage.Pause - clock.GetElapsedTime(outage.At) is var left && left > TimeSpan.Zero ? Later(outage.Failure, left)
                : null;
        }
    }

    /// <param name="began">When the question was put. Questions that were under way together fail together, and count once.</param>
    /// <param name="atLeast">How long the registry itself asks to be left alone.</param>
    public RegistryAnswer.Failed Break(RegistryAnswer.Failed failure, long began, TimeSpan atLeast = default)
    {
        lock (_gate)
        {
            var before = _outage;
            if (before is null || began > before.At)
            {
                var failures = (before?.Failures ?? 0) + 1;
                var pause = Pause(failures);
                _outage = new Outage(clock.GetTimestamp(), before?.Since ?? began, failures, pause > atLeast ? pause : atLeast, failure);
            }

            if (before is null)
            {
                LogBroken(registry, failure.Detail);
            }
        }

        return failure;
    }

    public void Mend()
    {
        lock (_gate)
        {
            if (_outage is { } outage)
            {
                LogMended(registry, Text(clock.GetElapsedTime(outage.Since)));
            }

            _outage = null;
        }
    }

    /// <summary>Twice as long each time, give or take a fifth: many agents lost the same registry at the same moment.</summary>
    private TimeSpan Pause(int failures)
    {
        var doubled = patience.BackOff * Math.Pow(2, Math.Min(failures - 1, 20));
        return (doubled < patience.LongestBackOff ? doubled : patience.LongestBackOff) * (0.8 + (Random.Shared.NextDouble() * 0.4));
    }

    private static RegistryAnswer.Failed Later(RegistryAnswer.Failed failure, TimeSpan left) =>
        failure with { Detail = $"{failure.Detail}; it is asked again in {Text(left)}" };

    private static string Text(TimeSpan time) => Durations.Text(TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)));

    [LoggerMessage(3003, LogLevel.Warning, "Registry {Registry} does not answer: {Detail}; this is said once, and it is asked less often until it does")]
    private partial void LogBroken(string registry, string detail);

    [LoggerMessage(3004, LogLevel.Information, "Registry {Registry} answers again, after {Duration}")]
    private partial void LogMended(string registry, string duration);

    private sealed record Outage(long At, long Since, int Failures, TimeSpan Pause, RegistryAnswer.Failed Failure);
}
