using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What images do, for better or worse. All that serve do so on port 8080: `/` answers "SERVICE VERSION", `/health` "ok".</summary>
public sealed partial record TestImage
{
    private static readonly HealthCheck AsksHealth = new(["/bin/wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/health"]);

    // The first process of a container ignores every signal that it does not trap.
    private const string StopsOnTerm = "trap 'exit 0' TERM\n";
    private const string Serves = "httpd -f -p 8080 -h /www &\n";

    public static TestImage Good(string service, string version) => Runs(service, version, StopsOnTerm + Serves + "wait $!");

    /// <summary>Healthy by its HEALTHCHECK, a second after it started.</summary>
    public static TestImage Healthy(string service, string version) => Good(service, version) with { Health = AsksHealth };

    public static TestImage SlowStart(string service, string version, double seconds) =>
        Runs(service, version, StopsOnTerm + Invariant($"sleep {seconds} & wait $!\n") + Serves + "wait $!");

    /// <summary>Serves well, but its HEALTHCHECK says no.</summary>
    public static TestImage NeverHealthy(string service, string version) =>
        Good(service, version) with { Health = new HealthCheck(["/bin/false"]) };

    /// <summary>Serves, has no HEALTHCHECK, and answers 500 on `/health`.</summary>
    public static TestImage Failing(string service, string version) =>
        Runs(service, version, StopsOnTerm + "nc -ll -p 8080 -e /bin/answer & wait $!").With("bin/answer", Answer);

    /// <summary>Serves; its HEALTHCHECK never comes back, which is "starting" until its timeout and unhealthy after it.</summary>
    public static TestImage HangingHealthcheck(string service, string version, TimeSpan? timeout = null) =>
        Good(service, version) with { Health = new HealthCheck(["/bin/sleep", "3600"]) { Timeout = timeout ?? TimeSpan.FromHours(1) } };

    public static TestImage ExitsAtOnce(string service, string version, int code = 1) => Runs(service, version, $"exit {code}");

    /// <summary>Serves for a while, then exits.</summary>
    public static TestImage ExitsAfter(string service, string version, double seconds, int code = 1) =>
        Runs(service, version, StopsOnTerm + Serves + Invariant($"sleep {seconds} & wait $!\nexit {code}"));

    public static TestImage PrintsAndDies(string service, string version, IEnumerable<string> lines, int code = 1) =>
        Runs(service, version, $"cat /lines\nexit {code}").With("lines", string.Concat(lines.Select(line => line + "\n")));

    /// <summary>Needs SIGKILL after the grace period.</summary>
    public static TestImage IgnoresTerm(string service, string version) =>
        Runs(service, version, "trap '' TERM\nexec httpd -f -p 8080 -h /www");

    /// <summary>Exits with 0 on its own stop signal only, and would need to be killed on any other.</summary>
    public static TestImage StopsOn(string service, string version, string signal = "SIGUSR1") =>
        Runs(service, version, $"trap '' TERM\ntrap 'exit 0' {signal[3..]}\n" + Serves + "wait $!") with { StopSignal = signal };

    public static TestImage MissingEntrypoint(string service, string version) =>
        Good(service, version) with { Entrypoint = ["/bin/not-there"], Cmd = [] };

    public static TestImage NoCommand(string service, string version) => Good(service, version) with { Cmd = [] };

    /// <summary>Adds its line to /data/runs, where a volume may be mounted, and exits.</summary>
    public static TestImage OneShot(string service, string version, int code = 0) =>
        Runs(service, version, $"mkdir -p /data\ncat /www/index.html >>/data/runs\nexit {code}");

    public TestImage With(string path, string content) => this with { Files = Files.SetItem(path, content) };

    private static TestImage Runs(string service, string version, string script) => new()
    {
        Cmd = ["/bin/run"],
        Files = ImmutableSortedDictionary<string, string>.Empty
            .Add("bin/run", $"#!/bin/sh\n{script}\n")
            .Add("www/index.html", $"{service} {version}\n")
            .Add("www/health", "ok\n"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    // httpd can answer 500 to no plain path. The head must be read to its end: closing before that resets the connection.
    private const string Answer = """
        #!/bin/sh
        read -r method path version
        while read -r line && [ ${#line} -gt 1 ]; do :; done
        case $path in
            /health) status='500 Internal Server Error' file=/www/sick ;;
            *) status='200 OK' file=/www/index.html ;;
        esac
        printf 'HTTP/1.1 %s\r\nConnection: close\r\n\r\n' "$status"
        cat "$file" 2>/dev/null || echo sick
        """ + "\n";
}
