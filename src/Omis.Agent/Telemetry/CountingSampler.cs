using Omis.Agent.Core.Probing;

namespace Omis.Agent.Telemetry;

/// <summary>Counts the samples that are not good.</summary>
internal sealed class CountingSampler(IHealthSampler inner, AgentMeter meter) : IHealthSampler
{
    public async Task<Sample> SampleAsync(Subject subject, CancellationToken ct)
    {
        var sample = await inner.SampleAsync(subject, ct);
        if (!sample.Ok && !ct.IsCancellationRequested)
        {
            meter.Missed(subject.Workload, sample.Code);
        }

        return sample;
    }
}
