using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Testing;

namespace Omis.Agent.Core.Tests.Probing;

/// <summary>A prober on a scripted sampler and a clock that moves in steps of ten milliseconds, faster than it can be waited for.</summary>
internal sealed class ProbingScene
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    public static readonly Sample Well = Sample.Good();

    public static readonly Sample Sick = Sample.Bad(ReasonCode.ProbeFailed, "refused");

    public static readonly Sample Dead = Sample.Bad(ReasonCode.Exited, "exit code 1", final: true);

    private readonly long started;

    public ProbingScene()
    {
        started = Time.GetTimestamp();
        Sampler.OnLook = look =>
        {
            Looks.Add(Since(Time.GetTimestamp()));
            OnLook(look);
        };
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeSampler Sampler { get; } = new();

    /// <summary>When each look was taken.</summary>
    public List<TimeSpan> Looks { get; } = [];

    public Action<int> OnLook { get; set; } = _ => { };

    public HealthRules Rules { get; set; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(20), []);

    public Subject Subject(string service = "web") => new(new WorkloadId("shop", service), service, OneShot: false, Rules);

    public Task<ProbeResult> WatchAsync(CancellationToken ct = default) => Drive(prober => prober.WatchAsync(Subject(), ct));

    public Task<(Subject Subject, Health.Unhealthy Why)?> SoakAsync(double seconds, CancellationToken ct = default, params string[] services) =>
        Drive(prober => prober.SoakAsync(services is [] ? [Subject()] : [.. services.Select(Subject)], TimeSpan.FromSeconds(seconds), ct));

    public Task<ImmutableArray<Subject>> WellAsync(CancellationToken ct, params string[] services) =>
        Drive(prober => prober.WellAsync([.. services.Select(Subject)], ct));

    /// <summary>Whole milliseconds from the beginning to a timestamp.</summary>
    public TimeSpan Since(long timestamp) => TimeSpan.FromMilliseconds((long)Math.Round(Time.GetElapsedTime(started, timestamp).TotalMilliseconds));

    /// <summary>Where no context asks for it back, the prober goes on within the very tick that ends its wait.</summary>
    private Task<T> Drive<T>(Func<Prober, Task<T>> act) => Task.Run(async () =>
    {
        var acting = act(new Prober(Sampler, Time));
        while (!acting.IsCompleted)
        {
            Time.Advance(Tick);
        }

        return await acting;
    });
}
