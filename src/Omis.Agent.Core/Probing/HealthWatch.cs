using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Probing;

/// <summary>
/// Folds samples into a verdict. Times are measured from the start of the watch on a clock that never steps.
/// The rules: a final sample decides at once; a bad one starts the stable time anew; the deadline decides against,
/// but not within the HEALTHCHECK's own start allowance.
/// </summary>
public sealed record HealthWatch(HealthRules Rules)
{
    public TimeSpan? OkSince { get; private init; }

    public TimeSpan? FirstOk { get; private init; }

    public Sample? LastBad { get; private init; }

    /// <summary>The longest start allowance heard of: a look that failed to hear of it must not cut it short.</summary>
    public TimeSpan StartAllowance { get; private init; }

    public Health? Verdict { get; private init; }

    public HealthWatch Fold(TimeSpan at, Sample sample)
    {
        var next = sample.Ok
            ? this with { OkSince = OkSince ?? at, FirstOk = FirstOk ?? at }
            : this with { OkSince = null, LastBad = sample };
        next = next with { StartAllowance = sample.StartAllowance > StartAllowance ? sample.StartAllowance : StartAllowance };
        return next with { Verdict = next.Decide(at, sample) };
    }

    private Health? Decide(TimeSpan at, Sample sample)
    {
        if (sample.Final || (OkSince is { } since && at - since >= Rules.StableFor))
        {
            return sample.Ok ? new Health.Healthy() : Unhealthy(sample);
        }

        var deadline = StartAllowance + Rules.StableFor > Rules.Deadline ? StartAllowance + Rules.StableFor : Rules.Deadline;
        return at < deadline ? null : Unhealthy(sample.Ok ? TooLate() : sample);
    }

    private Sample TooLate()
    {
        var bad = LastBad ?? Sample.Bad(ReasonCode.Unhealthy, "no look was in time");
        return bad with { Detail = $"{bad.Detail}; well since, but not for {Durations.Text(Rules.StableFor)} before the deadline" };
    }

    private static Health.Unhealthy Unhealthy(Sample sample) =>
        new(sample.Code, sample.Detail, ImageFault: sample.Code.BlamesImage());
}
