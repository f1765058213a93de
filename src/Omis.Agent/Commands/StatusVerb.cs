using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class StatusVerb(Surroundings around) : Verb("status", "Show what the service is at, and what is blocked or parked and why", around)
{
    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        // Who may call the service need not be able to read its state.
        var report = await call.TryAskServiceAsync("/v1/status", Documents.Default.StatusReport, ct) ?? await OfStateAsync(call, ct);
        call.Answer.Give(report, Documents.Default.StatusReport, () => StatusView.Of(report, call.Around.Time.GetUtcNow(), call.Around.Time.LocalTimeZone));
        return ExitCodes.Done;
    }

    private static async Task<StatusReport> OfStateAsync(Invocation call, CancellationToken ct)
    {
        var config = call.LoadConfig();
        call.Warn(config);
        using var memory = call.OpenMemoryForReading(config.Unchecked ?? call.Settings());
        var report = await StatusReading.ReadAsync(memory, call.Around.Time.GetUtcNow(), ct);

        // With a service there is something to tell that matters more: what it does in spite of that config.
        return config.Settings is null && report.Service == ServiceActivity.Stopped ? throw new ConfigException(config) : report;
    }
}
