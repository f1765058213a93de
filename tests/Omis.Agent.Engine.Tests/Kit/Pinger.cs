using System.Diagnostics;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>A user of a service who asks it every 5 ms over a fresh connection and remembers when it answered and what.</summary>
public sealed class Pinger : IAsyncDisposable
{
    // An attempt may hang while a container's address has nobody behind it: the next ones must not wait for it.
    private const int AtOnce = 200;

    private readonly Uri url;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly CancellationTokenSource stop = new();
    private readonly Lock sync = new();
    private readonly List<Answer> answers = [];
    private readonly Task running;
    private int outstanding;
    private int faults;

    private Pinger(Uri url, TimeSpan every) => (this.url, running) = (url, RunAsync(every));

    /// <summary>A good answer: when it was there, counted from the pinger's start, and what it said.</summary>
    public readonly record struct Answer(TimeSpan At, string Text);

    /// <summary>A time without a good answer, between two of them.</summary>
    public readonly record struct Gap(TimeSpan From, TimeSpan To)
    {
        public TimeSpan Length => To - From;
    }

    /// <summary>The time since the pinger's start, to set marks on its timeline.</summary>
    public TimeSpan Now => clock.Elapsed;

    public int Faults => faults;

    public int Count => Snapshot().Count;

    public TimeSpan LongestGap => Gaps(TimeSpan.Zero).Select(gap => gap.Length).DefaultIfEmpty().Max();

    /// <summary>Each answer that differs from the one before it: which version served from when on.</summary>
    public IReadOnlyList<Answer> Versions
    {
        get
        {
            var all = Snapshot();
            return [.. all.Where((answer, index) => index == 0 || all[index - 1].Text != answer.Text)];
        }
    }

    /// <summary>Starts and waits for the first good answer.</summary>
    public static async Task<Pinger> StartAsync(Uri url, TimeSpan? every = null)
    {
        var pinger = new Pinger(url, every ?? TimeSpan.FromMilliseconds(5));
        await Eventually.BeAsync($"{url} answers", () => pinger.Count > 0);
        return pinger;
    }

    /// <summary>Gaps of at least that length, the one that is still open included.</summary>
    public IReadOnlyList<Gap> Gaps(TimeSpan atLeast)
    {
        var times = Snapshot().Select(answer => answer.At).ToList();
        if (!stop.IsCancellationRequested && times.Count > 0)
        {
            times.Add(Now);
        }

        return [.. times.Zip(times.Skip(1), (from, to) => new Gap(from, to)).Where(gap => gap.Length >= atLeast)];
    }

    /// <summary>Waits until one more question, asked after this call, was answered well with this.</summary>
    public Task AnswersAsync(string text)
    {
        var since = Now;
        return Eventually.BeAsync($"{url} answers '{text}'", () => Snapshot() is [.., var last] && last.At > since && last.Text == text);
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private List<Answer> Snapshot()
    {
        lock (sync)
        {
            return [.. answers];
        }
    }

    private async Task RunAsync(TimeSpan every)
    {
        using var timer = new PeriodicTimer(every);
        var attempts = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            attempts.RemoveAll(attempt => attempt.IsCompleted);
            if (outstanding < AtOnce)
            {
                attempts.Add(AskAsync());
            }

            await timer.WaitForNextTickAsync();
        }

        await Task.WhenAll(attempts);
    }

    private async Task AskAsync()
    {
        Interlocked.Increment(ref outstanding);
        var text = await Ping.AskAsync(url, stop.Token);
        Interlocked.Decrement(ref outstanding);
        if (text is null)
        {
            Interlocked.Increment(ref faults);
            return;
        }

        lock (sync)
        {
            answers.Add(new Answer(clock.Elapsed, text));
        }
    }
}
