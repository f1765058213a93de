using System.Collections.Immutable;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Probing;

/// <summary>Samples until there is a verdict. Cancellation throws: it is no verdict.</summary>
public sealed class Prober(IHealthSampler sampler, TimeProvider time)
{
    /// <summary>During a soak a probe may miss twice in a row; a container that exits or restarts may not.</summary>
    private const int SoakMisses = 3;

    /// <summary>A container that does not answer yet is asked often at first, so that its verdict is not late.</summary>
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan SoakPause = TimeSpan.FromSeconds(1);

    public Task<Sample> SampleAsync(Subject subject, CancellationToken ct) => sampler.SampleAsync(subject, ct);

    public async Task<ProbeResult> WatchAsync(Subject subject, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var watch = new HealthWatch(subject.Rules);
        while (true)
        {
            var sample = await sampler.SampleAsync(subject, ct).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            watch = watch.Fold(time.GetElapsedTime(started), sample);
            if (watch.Verdict is { } verdict)
            {
                return new ProbeResult(verdict, watch.FirstOk is { } first ? started + Ticks(first) : null);
            }

            await Task.Delay(Pause(subject.Rules, watch, time.GetElapsedTime(started)), time, ct).ConfigureAwait(false);
        }
    }

    /// <returns>Those of the subjects that are well now.</returns>
    public async Task<ImmutableArray<Subject>> WellAsync(ImmutableArray<Subject> subjects, CancellationToken ct)
    {
        var samples = await SampleAllAsync(subjects, ct).ConfigureAwait(false);
        return [.. subjects.Where((_, i) => samples[i].Ok)];
    }

    /// <summary>Looks at the beginning, every second and once the time is up; a miss at the end is looked into before it counts as well.</summary>
    /// <returns>Who failed and how, or null when all stayed well for the whole time.</returns>
    public async Task<(Subject Subject, Health.Unhealthy Why)?> SoakAsync(ImmutableArray<Subject> subjects, TimeSpan soak, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var misses = new int[subjects.Length];
        for (var extra = 0; ;)
        {
            var late = time.GetElapsedTime(started) >= soak;
            var samples = await SampleAllAsync(subjects, ct).ConfigureAwait(false);
            for (var i = 0; i < samples.Length; i++)
            {
                misses[i] = samples[i].Ok ? 0 : misses[i] + 1;
                if (!samples[i].Ok && (samples[i].Final || misses[i] >= SoakMisses || extra >= SoakMisses))
                {
                    return (subjects[i], Failed(samples[i]));
                }
            }

            if (late && Array.TrueForAll(misses, count => count == 0))
            {
                return null;
            }

            extra += late ? 1 : 0;
            var left = soak - time.GetElapsedTime(started);
            await Task.Delay(left > TimeSpan.Zero ? Min(left, SoakPause) : SoakPause, time, ct).ConfigureAwait(false);
        }
    }

    private static Health.Unhealthy Failed(Sample sample) =>
        new(ReasonCode.SoakFailed, $"{sample.Code.Text()}: {sample.Detail}", ImageFault: sample.Code.BlamesImage());

    private async Task<Sample[]> SampleAllAsync(ImmutableArray<Subject> subjects, CancellationToken ct)
    {
        var samples = await Task.WhenAll(subjects.Select(subject => sampler.SampleAsync(subject, ct))).ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
        return samples;
    }

    private static TimeSpan Pause(HealthRules rules, HealthWatch watch, TimeSpan elapsed)
    {
        var slow = Min(rules.Every, rules.StableFor > TimeSpan.Zero ? rules.StableFor / 4 : Eager);
        var eager = elapsed < TimeSpan.FromSeconds(5) ? Eager : elapsed / 20;
        return watch.OkSince is null ? Min(eager, rules.Every) : Max(slow, Eager);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}

/// <param name="FirstOkAt">Timestamp of the first good sample, null where there was none.</param>
public sealed record ProbeResult(Health Verdict, long? FirstOkAt);
