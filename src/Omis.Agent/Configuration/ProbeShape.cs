using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Probing;
using static Omis.Agent.Core.Probing.ProbeSpec;

namespace Omis.Agent.Configuration;

/// <summary>A probe is told apart by its one key <c>http</c>, <c>tcp</c> or <c>exec</c>.</summary>
internal static partial class ProbeShape
{
    private static readonly KeyShape HeaderNames = new("the name of an HTTP header", "[!#$%&'*+.^_`|~0-9A-Za-z\\-]+", name => Token().IsMatch(name) ? name : null)
    {
        Comparer = StringComparer.OrdinalIgnoreCase,
    };

    // Headers may carry tokens.
    private static readonly TextShape<string> HeaderValue = new(
        "one line of text", (text, _) => text.AsSpan().ContainsAny('\r', '\n', '\0') ? null : new(text), text => text)
    { Secret = true };

    private static readonly ObjectShape<ProbeSpec> OverHttp = Timed("http", new Http(""))
        .Has("http", Texts.Text("an http or https URL, in which {ip} and {port:8080} may stand", Addresses.IsProbeUrl, "https?://.+"),
            "Asks this URL. {ip} is the container's own address, {port:8080} the host's port that 8080 is published on.",
            probe => ((Http)probe).Url, (probe, value) => (Http)probe with { Url = value })
        .Has("method", Texts.Text("an HTTP method such as GET", text => Method().IsMatch(text), "[A-Z]{1,20}"),
            "The request's method.",
            probe => ((Http)probe).Method, (probe, value) => (Http)probe with { Method = value })
        .HasEach("headers", HeaderNames, HeaderValue,
            "The request's headers.",
            _ => null, (probe, value) => (Http)probe with { Headers = value.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase) })
        .Has("status", StatusText.Shape,
            "The statuses that are healthy: 200, '200,204' or '200-299'.",
            probe => ((Http)probe).Status, (probe, value) => (Http)probe with { Status = value })
        .Has("body", Texts.Text("a regular expression of .NET, up to 1000 characters", text => BodyPattern.TryCompile(text) is not null),
            "A regular expression that the answer must match.",
            probe => ((Http)probe).Body, (probe, value) => (Http)probe with { Body = value })
        .Has("caFile", Texts.File,
            "The certificate authority (PEM) of the answering side.",
            probe => ((Http)probe).CaFile, (probe, value) => (Http)probe with { CaFile = value })
        .Has("insecure", new FlagShape(),
            "True takes any certificate.",
            probe => ((Http)probe).Insecure, (probe, value) => (Http)probe with { Insecure = value });

    private static readonly ObjectShape<ProbeSpec> OverTcp = Timed("tcp", new Tcp(""))
        .Has("tcp", Texts.Text("HOST:PORT, in which {ip} and {port:8080} may stand", Addresses.IsProbeAddress),
            "Opens a connection to HOST:PORT, with the same placeholders as a URL.",
            probe => ((Tcp)probe).Address, (probe, value) => (Tcp)probe with { Address = value });

    private static readonly ObjectShape<ProbeSpec> ByExec = Timed("exec", new Exec([]))
        .Has("exec", new ListShape<string>("a list of a command and its arguments", Texts.Plain) { NotEmpty = true },
            "Runs this inside the container; exit code 0 is healthy.",
            probe => ((Exec)probe).Command, (probe, value) => (Exec)probe with { Command = value });

    public static readonly ChoiceShape<ProbeSpec> Probe = new("a probe", ("http", OverHttp), ("tcp", OverTcp), ("exec", ByExec));

    private static ObjectShape<ProbeSpec> Timed(string key, ProbeSpec blank) => new ObjectShape<ProbeSpec>("a probe", blank)
        .Has("timeout", Texts.DurationOf(TimeSpan.FromMilliseconds(1)),
            "How long an answer may take.",
            probe => probe.Timeout, (probe, value) => probe with { Timeout = value })
        .Has("every", Texts.DurationOf(TimeSpan.FromMilliseconds(100)),
            "How often it is asked.",
            probe => probe.Every, (probe, value) => probe with { Every = value })
        .With(Rule.Needs(key));

    [GeneratedRegex(@"^[!#$%&'*+.^_`|~0-9A-Za-z\-]{1,100}\z")]
    private static partial Regex Token();

    [GeneratedRegex(@"^[A-Z]{1,20}\z")]
    private static partial Regex Method();
}
