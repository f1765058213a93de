using System.Collections.Immutable;
using System.Net.Sockets;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>
/// Stands before an engine's socket, sees every call, and does to it what a test says. With a scope it also hides the
/// containers of all other tests from whoever lists them, so that many agents can share one engine without meeting.
/// </summary>
public sealed class EngineProxy : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("omis-proxy-");
    private readonly ProxyRules<Func<EngineCall, Task<Verdict>>> before = new();
    private readonly ProxyRules<Func<EngineCall, Task<Verdict>>> after = new();
    private readonly Lock sync = new();
    private readonly List<EngineCall> calls = [];
    private Listening? listening;
    private Socket? refusing;

    /// <param name="scope">Only containers whose names begin with this are listed.</param>
    public EngineProxy(LabEngine engine, string? scope = null)
    {
        (Engine, Scope) = (engine, scope);
        Up();
    }

    public LabEngine Engine { get; }

    public string? Scope { get; }

    /// <summary>The proxy's own.</summary>
    public string Socket => Path.Combine(folder.FullName, "docker.sock");

    public Uri Endpoint => new("unix://" + Socket);

    /// <summary>The engine as who goes through this proxy sees it.</summary>
    public LabEngine Client => new(Engine.Facts with { Socket = Socket });

    public ImmutableArray<EngineCall> Calls
    {
        get
        {
            lock (sync)
            {
                return [.. calls];
            }
        }
    }

    /// <summary>Before a call reaches the engine: anything but <see cref="Verdict.Pass"/> keeps it from doing so.</summary>
    /// <param name="method">"*" for any.</param>
    /// <param name="path">Without the API version; * stands for any text.</param>
    public ProxyRule Before(string method, string path, Func<EngineCall, Task<Verdict>> then, int times = int.MaxValue, int skip = 0) =>
        before.Add(new ProxyRule(method, path) { Times = times, Skip = skip }, then);

    public ProxyRule Before(string method, string path, Verdict verdict, int times = int.MaxValue, int skip = 0) =>
        Before(method, path, _ => Task.FromResult(verdict), times, skip);

    /// <summary>After the engine has acted and begun to answer, before the client hears of it.</summary>
    public ProxyRule After(string method, string path, Func<EngineCall, Task<Verdict>> then, int times = int.MaxValue, int skip = 0) =>
        after.Add(new ProxyRule(method, path) { Times = times, Skip = skip }, then);

    public ProxyRule After(string method, string path, Verdict verdict, int times = int.MaxValue, int skip = 0) =>
        After(method, path, _ => Task.FromResult(verdict), times, skip);

    /// <summary>As if the engine had died: open connections break, and there is no socket to connect to.</summary>
    public void Down()
    {
        Interlocked.Exchange(ref listening, null)?.Dispose();
        Interlocked.Exchange(ref refusing, null)?.Dispose();
        File.Delete(Socket);
    }

    /// <summary>As if the engine had died and left its socket behind: there is one, and it refuses.</summary>
    public void Refuse()
    {
        Down();
        refusing = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        refusing.Bind(new UnixDomainSocketEndPoint(Socket));
    }

    public void Up()
    {
        Interlocked.Exchange(ref refusing, null)?.Dispose();
        File.Delete(Socket);
        listening ??= new Listening(Socket, ServeAsync);
    }

    public ValueTask DisposeAsync()
    {
        Down();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal EngineCall Note(HttpHead head)
    {
        lock (sync)
        {
            var call = EngineCall.Of(calls.Count, head);
            calls.Add(call);
            return call;
        }
    }

    internal Task<Verdict> BeforeAsync(EngineCall call) => AskAsync(before, call);

    internal Task<Verdict> AfterAsync(EngineCall call) => AskAsync(after, call);

    private static Task<Verdict> AskAsync(ProxyRules<Func<EngineCall, Task<Verdict>>> rules, EngineCall call) =>
        rules.TryTake(call.Method, call.Path, out var then) ? then!(call) : Task.FromResult(Verdict.Pass);

    private async Task ServeAsync(Socket client, CancellationToken ct)
    {
        using var engine = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await engine.ConnectAsync(new UnixDomainSocketEndPoint(Engine.Facts.Socket), ct);
        using var connection = new ProxyConnection(this, client, engine);
        await connection.RunAsync(ct);
    }
}
