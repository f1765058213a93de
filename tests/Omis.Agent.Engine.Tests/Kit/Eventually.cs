using System.Diagnostics;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Waits for something to become so, and no longer than that.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is not null.</summary>
    /// <param name="limit">30 s where nothing else is said: loaded machines are slow, and nobody waits for it when all is well.</param>
    /// <exception cref="TimeoutException">Names what was waited for, and the last fault if asking failed.</exception>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? limit = null)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < (limit ?? TimeSpan.FromSeconds(30)))
        {
            try
            {
                if (await ask() is { } answer)
                {
                    return answer;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
            {
                last = fault;
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"after {clock.Elapsed.TotalSeconds:0.0} s still not: {what}", last);
    }

    public static Task BeAsync(string what, Func<Task<bool>> ask, TimeSpan? limit = null) =>
        GetAsync(what, async () => await ask() ? "yes" : null, limit);

    public static Task BeAsync(string what, Func<bool> ask, TimeSpan? limit = null) =>
        BeAsync(what, () => Task.FromResult(ask()), limit);
}
