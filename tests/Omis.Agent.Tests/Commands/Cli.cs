using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Commands;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Probing;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Commands;

/// <summary>The whole program in-process, with a real state directory and config file, over an engine and registry in memory.</summary>
internal sealed partial class Cli : IDisposable
{
    public static readonly Digest Old = Digest.Parse("sha256:" + new string('a', 64));
    public static readonly Digest New = Digest.Parse("sha256:" + new string('b', 64));

    private readonly string folder = Directory.CreateTempSubdirectory("omis-cli-").FullName;

    public Cli()
    {
        Target = new FakeTarget(Source);
        Registries = (_, _, _, _) => Registry;
        Config();
    }

    public FakeSource Source { get; } = new();

    public FakeTarget Target { get; }

    public FakeSampler Sampler { get; } = new();

    public FakeRegistry Registry { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The registry in memory, unless a test wants the real thing.</summary>
    public RegistryConnector Registries { get; set; }

    public Stopping Stopping { get; set; } = new();

    public string Folder => folder;

    public string StateDirectory => Path.Combine(folder, "state");

    public Dictionary<string, string> Environment { get; } = [];

    public string Socket => Path.Combine(folder, "control.sock");

    public bool IsTerminal { get; set; }

    /// <summary>A verdict at the first look, so that no test waits; and a socket of its own, since verbs ask the service that answers there.</summary>
    public Cli Config(string more = "", string control = "") => ConfigText($$"""
        { "state": { "directory": "{{StateDirectory}}" }, "control": { "socket": "{{Socket}}" {{control}} }, "defaults": { "healthy": { "stableFor": "0s", "deadline": "1s" } } {{more}} }
        """);

    public Cli ConfigText(string text)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), text);
        return this;
    }

    /// <summary>The service runs the old image, and the registry has the new one.</summary>
    public Cli WithUpdate(string service = "backend", string project = "shop")
    {
        Source.Runs(service, Old, project);
        Registry.Has(service, New);
        return this;
    }

    /// <summary>The new container of the service never gets well.</summary>
    public Cli WithSick(string service = "backend")
    {
        Sampler.Script("new-" + service, Sample.Bad(ReasonCode.Exited, "exit code 1", final: true));
        Target.Evidence = new Core.Applying.Evidence(1, ["starting", "cannot open database"]);
        return this;
    }

    public async Task<Said> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync([.. args, "--config", Path.Combine(folder, "config.json")], new Surroundings
        {
            Out = new Screen(output, IsTerminal, colours: false, () => 100),
            Error = new Screen(error, IsTerminal, colours: false, () => 100),
            Environment = Environment,
            User = "ann",
            Time = Time,
            Outside = new Outside((_, _, _, _) => new EngineParts(Source, Target, Sampler, Target), Registries),
            Stopping = Stopping,
        });
        return new Said(code, output.ToString(), error.ToString());
    }

    public void Dispose()
    {
        Stopping.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    internal sealed partial record Said(int Code, string Out, string Error)
    {
        /// <summary>The one document; anything else on standard output fails here.</summary>
        public JsonElement Json => JsonDocument.Parse(Out).RootElement;

        /// <summary>Ids and durations of the machine's own, which differ each time, are named instead.</summary>
        public string Steady => Ulid().Replace(Out, "ID");

        [GeneratedRegex("01[0-9A-HJKMNP-TV-Z]{24}")]
        private static partial Regex Ulid();
    }
}
