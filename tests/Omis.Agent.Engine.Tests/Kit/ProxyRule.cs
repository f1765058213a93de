using System.Text.RegularExpressions;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Which calls through a proxy something happens to.</summary>
public sealed class ProxyRule
{
    private readonly string method;
    private readonly Regex path;
    private readonly TaskCompletionSource firstHit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int seen;
    private int hits;
    private volatile bool removed;

    /// <param name="path">May have * for any text, slashes included.</param>
    internal ProxyRule(string method, string path)
    {
        this.method = method;
        this.path = new Regex($"^{Regex.Escape(path).Replace(@"\*", ".*", StringComparison.Ordinal)}$");
    }

    /// <summary>Only so many calls are taken; those after them pass.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>So many matching calls pass before the first is taken.</summary>
    public int Skip { get; init; }

    public int Hits => hits;

    public void Remove() => removed = true;

    /// <summary>Waits until a call was taken.</summary>
    public Task HitAsync(TimeSpan? limit = null) => firstHit.Task.WaitAsync(limit ?? TimeSpan.FromSeconds(30));

    internal bool Takes(string callMethod, string callPath)
    {
        if (removed || (method != "*" && method != callMethod) || !path.IsMatch(callPath) || Interlocked.Increment(ref seen) <= Skip || seen > (long)Skip + Times)
        {
            return false;
        }

        Interlocked.Increment(ref hits);
        firstHit.TrySetResult();
        return true;
    }
}

/// <summary>Rules in the order in which they were made; the first that takes a call decides.</summary>
internal sealed class ProxyRules<T>
{
    private readonly Lock sync = new();
    private readonly List<(ProxyRule Rule, T Then)> rules = [];

    public ProxyRule Add(ProxyRule rule, T then)
    {
        lock (sync)
        {
            rules.Add((rule, then));
        }

        return rule;
    }

    public bool TryTake(string method, string path, out T? then)
    {
        lock (sync)
        {
            var found = rules.Find(each => each.Rule.Takes(method, path));
            then = found.Then;
            return found.Rule is not null;
        }
    }
}
