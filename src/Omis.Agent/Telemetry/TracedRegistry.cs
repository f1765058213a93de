using System.Diagnostics;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Telemetry;

/// <summary>Each question to a registry as a span, where anybody listens.</summary>
internal sealed class TracedRegistry(IImageRegistry inner, ActivitySource source) : IImageRegistry, IDisposable
{
    public async Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct)
    {
        using var span = source.StartActivity("check");
        span?.SetTag("omis.image", reference.ToString());
        var answer = await inner.LatestAsync(reference, ct);
        if (answer is RegistryAnswer.Failed failed)
        {
            span?.SetTag("omis.reason", failed.Code.Text()).SetStatus(ActivityStatusCode.Error, failed.Detail);
        }

        return answer;
    }

    public Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct) => inner.LookInsideAsync(reference, found, ct);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
