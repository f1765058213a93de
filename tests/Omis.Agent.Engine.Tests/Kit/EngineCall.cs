using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One request that came through an <see cref="EngineProxy"/>.</summary>
/// <param name="Index">Counts from 0 over the proxy's life.</param>
/// <param name="Path">Without the API version and the query.</param>
/// <param name="Query">With its question mark, or empty.</param>
public sealed partial record EngineCall(int Index, string Method, string Path, string Query)
{
    /// <summary>The engine's answer; 0 while there is none.</summary>
    public int Status { get; private set; }

    /// <summary>Since <see cref="Stopwatch"/>'s epoch.</summary>
    public TimeSpan Asked { get; } = Stopwatch.GetElapsedTime(0);

    /// <summary>Zero while there is no answer.</summary>
    public TimeSpan Answered { get; private set; }

    /// <summary>Whether it changes anything on the engine.</summary>
    public bool IsTouch => Method is not ("GET" or "HEAD");

    public override string ToString() => $"{Method} {Path}{Query}";

    internal void Note(int status) => (Status, Answered) = (status, Stopwatch.GetElapsedTime(0));

    internal static EngineCall Of(int index, HttpHead head)
    {
        var query = head.Target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? head.Target : head.Target[..query];
        return new EngineCall(index, head.Method, ApiVersion().Replace(path, ""), query < 0 ? "" : head.Target[query..]);
    }

    [GeneratedRegex("^/v[0-9.]+(?=/)")]
    private static partial Regex ApiVersion();
}

/// <summary>What becomes of a call.</summary>
public abstract record Verdict
{
    /// <summary>It goes its way.</summary>
    public static readonly Verdict Pass = new PassOn();

    /// <summary>The connection breaks before the answer.</summary>
    public static readonly Verdict Drop = new Close();

    /// <summary>There is no answer, until the client gives up or the proxy ends.</summary>
    public static readonly Verdict Hang = new Wait();

    private Verdict()
    {
    }

    /// <summary>The proxy answers in the engine's place, in the form of its errors.</summary>
    public static Verdict Answer(int status, string message) => new AnswerWith(status, message);

    internal sealed record PassOn : Verdict;

    internal sealed record Close : Verdict;

    internal sealed record Wait : Verdict;

    internal sealed record AnswerWith(int Status, string Message) : Verdict;
}
