using System.Diagnostics;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Telemetry;

/// <summary>Each question to a registry as a span, where anybody listens.</summary>
internal sealed class TracedRegistry(IImageRegistry inner, ActivitySource source) : IImageRegistry, IDisposable
{
    public Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct) => SpanAsync("check", reference, () => inner.LatestAsync(reference, ct));

    public Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct) =>
        SpanAsync("look inside", reference, () => inner.LookInsideAsync(reference, found, ct));

    private async Task<RegistryAnswer> SpanAsync(string name, ImageReference reference, Func<Task<RegistryAnswer>> ask)
    {
        using var span = source.StartActivity(name);
        span?.SetTag("omis.image", reference.ToString());
        var answer = await ask();
        if (answer is RegistryAnswer.Failed failed)
        {
            span?.SetTag("omis.reason", failed.Code.Text()).SetStatus(ActivityStatusCode.Error, failed.Detail);
        }

        return answer;
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
