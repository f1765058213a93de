using System.Text.RegularExpressions;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>When an agent dies.</summary>
internal abstract record KillPoint
{
    private KillPoint()
    {
    }

    /// <summary>At the nth call that changes the engine, or at the first one of the nth kind.</summary>
    public sealed record Call(int Nth, Moment Moment, bool ByKind) : KillPoint;

    /// <summary>At the nth write to the disk.</summary>
    public sealed record Write(int Nth, bool After) : KillPoint;

    /// <summary>Once it has said this.</summary>
    public sealed record Says(string Text) : KillPoint;
}

internal enum Moment
{
    /// <summary>The engine never hears of the call.</summary>
    Before,

    /// <summary>The engine has it, and its client goes while it works.</summary>
    During,

    /// <summary>The engine has done its part.</summary>
    After,
}

/// <summary>Counts the calls that change the engine, or their kinds.</summary>
internal sealed partial class CallCount(bool byKind)
{
    private readonly HashSet<string> kinds = [];
    private int count;

    /// <returns>True where this call is the nth.</returns>
    public bool IsNth(EngineCall call, int nth)
    {
        lock (kinds)
        {
            return call.IsTouch && (!byKind || kinds.Add(Kind(call))) && ++count == nth;
        }
    }

    private static string Kind(EngineCall call) => $"{call.Method} {Names().Replace(call.Path, "/$1/*")}";

    [GeneratedRegex("/(containers|images|exec|networks)/(?!create$).+?(?=/(?:start|stop|rename|update|tag|json|kill|restart|connect|archive)$|$)")]
    private static partial Regex Names();
}
