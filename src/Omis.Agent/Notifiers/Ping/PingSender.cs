using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Notifying;

namespace Omis.Agent.Notifiers.Ping;

/// <summary>
/// The dead-man's switch: it is told after each cycle, and somebody misses it when none comes. Not kept and not repeated, for
/// it is about now. Source: healthchecks.io/docs/http_api.
/// </summary>
internal sealed partial class PingSender(Poster poster, ILogger<PingSender> logger)
{
    private ImmutableHashSet<int> failing = [];

    /// <summary>Throws nothing but cancellation.</summary>
    /// <param name="problem">Null after a good cycle.</param>
    public Task SendAsync(ImmutableArray<string> urls, string? problem, CancellationToken ct) =>
        Task.WhenAll(urls.Select((url, index) => SendAsync(new Uri(url), index, problem, ct)));

    private async Task SendAsync(Uri url, int index, string? problem, CancellationToken ct)
    {
        var target = problem is null ? url : new UriBuilder(url) { Path = url.AbsolutePath.TrimEnd('/') + "/fail" }.Uri;
        var answer = await poster.SendAsync(HttpMethod.Post, target, problem ?? "", "text/plain", [], ct);
        var said = answer.ToDelivery() switch
        {
            Delivery.Away away => away.Problem,
            Delivery.Rejected rejected => rejected.Problem,
            _ => null,
        };
        if (said is not null && !failing.Contains(index))
        {
            Unheard(logger, index + 1, said);
        }

        ImmutableInterlocked.Update(ref failing, (set, i) => said is null ? set.Remove(i) : set.Add(i), index);
    }

    [LoggerMessage(6011, LogLevel.Warning, "notify.ping number {Number} was not heard: {Problem}")]
    private static partial void Unheard(ILogger logger, int number, string problem);
}
