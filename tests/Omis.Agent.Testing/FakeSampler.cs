using System.Collections.Concurrent;
using Omis.Agent.Core.Probing;

namespace Omis.Agent.Testing;

/// <summary>Answers from a script for each container; its last line goes for ever, and no script means well.</summary>
public sealed class FakeSampler(List<string>? transcript = null) : IHealthSampler
{
    private readonly ConcurrentDictionary<string, Queue<Sample>> scripts = new();

    public List<string> Transcript { get; } = transcript ?? [];

    /// <summary>Runs before each look, with the number of looks that went before it.</summary>
    public Action<int> OnLook { get; set; } = _ => { };

    public FakeSampler Script(string containerId, params Sample[] samples)
    {
        scripts[containerId] = new Queue<Sample>(samples);
        return this;
    }

    public Task<Sample> SampleAsync(Subject subject, CancellationToken ct)
    {
        lock (Transcript)
        {
            OnLook(Transcript.Count(line => line.StartsWith("probe ", StringComparison.Ordinal)));
            Transcript.Add("probe " + subject.Workload.Service);
            return Task.FromResult(Next(subject.ContainerId));
        }
    }

    private Sample Next(string containerId) =>
        !scripts.TryGetValue(containerId, out var script) ? Sample.Good()
        : script.Count > 1 ? script.Dequeue()
        : script.Peek();
}
