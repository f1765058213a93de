using Omis.Agent.Engine.Tests.Kit;

namespace Omis.Agent.Bench;

/// <summary>One pinger for each service of a stack.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private readonly Dictionary<string, Pinger> pingers = [];
    private readonly Dictionary<string, DateTime> origins = [];

    public static async Task<Watching> StartAsync(ComposeStack stack, IEnumerable<string> services)
    {
        var watching = new Watching();
        foreach (var service in services)
        {
            var pinger = await stack.PingAsync(service);
            watching.pingers[service] = pinger;
            watching.origins[service] = DateTime.UtcNow - pinger.Now;
        }

        return watching;
    }

    public Task AnswersAsync(string service, string version) => pingers[service].AnswersAsync($"{service} {version}");

    public Task AllAnswerAsync(string version) => Task.WhenAll(pingers.Keys.Select(service => AnswersAsync(service, version)));

    /// <summary>The longest time in which the service gave no good answer.</summary>
    public Outage LongestOutage(string service)
    {
        var gap = pingers[service].Gaps(TimeSpan.Zero).MaxBy(gap => gap.Length);
        return new Outage(origins[service] + gap.From, origins[service] + gap.To);
    }

    /// <summary>When the service answered as this version for the first time after that moment; null where it did not.</summary>
    public DateTime? FirstAnswer(string service, string version, DateTime after) =>
        pingers[service].Versions.Where(answer => answer.Text == $"{service} {version}").Select(answer => origins[service] + answer.At)
            .Where(at => at > after).Select(at => (DateTime?)at).FirstOrDefault();

    public async ValueTask DisposeAsync()
    {
        foreach (var pinger in pingers.Values)
        {
            await pinger.DisposeAsync();
        }
    }
}

internal readonly record struct Outage(DateTime From, DateTime To)
{
    public double Milliseconds => (To - From).TotalMilliseconds;

    /// <summary>How long both lasted at the same time.</summary>
    public double Overlap(Outage other)
    {
        var (from, to) = (From > other.From ? From : other.From, To < other.To ? To : other.To);
        return Math.Max(0, (to - from).TotalMilliseconds);
    }
}
