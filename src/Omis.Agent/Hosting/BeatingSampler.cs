using Omis.Agent.Core.Probing;

namespace Omis.Agent.Hosting;

/// <summary>Probing and soaking may last for hours without an event; a sample is taken every second.</summary>
internal sealed class BeatingSampler(IHealthSampler inner, SignsOfLife life) : IHealthSampler
{
    public Task<Sample> SampleAsync(Subject subject, CancellationToken ct)
    {
        life.Beat(SignsOfLife.WithinPass);
        return inner.SampleAsync(subject, ct);
    }
}
