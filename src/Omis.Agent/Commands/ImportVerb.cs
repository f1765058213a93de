using System.CommandLine;
using System.Text.Json.Nodes;
using Omis.Agent.Configuration;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Engine;
using Omis.Agent.Hosting;
using Omis.Agent.Importing;
using Omis.Agent.Journal;
using Omis.Agent.Json;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class ImportVerb : Verb
{
    private readonly Argument<string?> file = new("FILE") { Description = "A compose file or a file with a 'docker run' command, - for standard input; without it the engine is asked", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> container = new("--container") { Description = "Which container, where the engine is asked (default: the one whose image is called watchtower)", HelpName = "NAME" };
    private readonly Option<string?> secrets = new("--secrets") { Description = "A folder into which the secrets are written, each in a file of its own", HelpName = "DIR" };

    public ImportVerb(Surroundings around)
        : base("import-watchtower", "Print the config that does what a Watchtower does, and what has no equivalent", around)
    {
        Add(file);
        Add(container);
        Add(secrets);
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        try
        {
            var result = call.Parsed.GetValue(file) is { } path ? OfText(call, path) : await OfEngineAsync(call, ct);
            Keep(call, result);
            Tell(call, result);
            return ExitCodes.Done;
        }
        catch (ImportException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static ImportResult OfText(Invocation call, string path)
    {
        var folder = path == "-" ? Environment.CurrentDirectory : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var text = path == "-" ? call.Around.In.ReadToEnd() : TextOf(path) ?? throw new UsageException($"{path} cannot be read; expected a compose file or a file with a 'docker run' command");
        string? Near(string name) => TextOf(Path.Combine(folder, name));
        if (RunLine.Is(text))
        {
            return Importer.Import(RunLine.Read(text, name => call.Around.Environment.GetValueOrDefault(name), Near), _ => null);
        }

        var beside = EnvironmentFile.Lines(Near(".env") ?? "").Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(pair => pair.Key, pair => pair.Last()[1]);
        return Importer.Import(new ComposeText(name => call.Around.Environment.GetValueOrDefault(name) ?? beside.GetValueOrDefault(name), Near).Read(text), _ => null);
    }

    private async Task<ImportResult> OfEngineAsync(Invocation call, CancellationToken ct)
    {
        // A config that is there may say where the engine is; whether it is right otherwise does not matter here.
        var settings = call.LoadConfig().Unchecked ?? ConfigDefaults.OfThisSystem;
        using var connection = new EngineConnection(settings.Engine);
        var engine = new EngineClient(connection);
        var run = await new EngineText(engine).ReadAsync(call.Parsed.GetValue(container), ct);
        using var memory = call.OpenMemoryForReading(settings);
        using var parts = call.Compose(settings, memory);
        var workloads = await parts.Source.ObserveAsync(ct);
        return Importer.Import(run, name => workloads.FirstOrDefault(workload => workload.Replicas.Any(replica => replica.Name == name))?.Id);
    }

    private void Keep(Invocation call, ImportResult result)
    {
        if (call.Parsed.GetValue(secrets) is not { } folder)
        {
            return;
        }

        var whole = Path.GetFullPath(folder);
        try
        {
            PrivateFiles.CreateDirectory(whole);
            foreach (var secret in result.Secrets)
            {
                using var written = new StreamWriter(PrivateFiles.Open(Path.Combine(whole, secret.File), FileMode.Create, FileShare.None));
                written.Write(secret.Value);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new EnvironmentException(ReasonCode.Disk, $"--secrets {folder}: {fault.Message}", fault);
        }

        Point(result.Config, whole, [.. result.Secrets.Select(secret => secret.File)]);
    }

    /// <summary>The names become whole paths.</summary>
    private static void Point(JsonNode? node, string folder, HashSet<string> files)
    {
        foreach (var (name, value) in node is JsonObject members ? members.ToArray() : [])
        {
            if (name.EndsWith("File", StringComparison.Ordinal) && value is JsonValue text && files.Contains(text.GetValue<string>()))
            {
                node![name] = Path.Combine(folder, text.GetValue<string>());
            }

            Point(value, folder, files);
        }

        foreach (var item in node as JsonArray ?? [])
        {
            Point(item, folder, files);
        }
    }

    private void Tell(Invocation call, ImportResult result)
    {
        if (call.Answer.IsJson)
        {
            call.Answer.Give(new ImportDocument(result.Config, result.Notes, [.. result.Secrets.Select(secret => new SecretItem(secret.File, secret.From))]), Documents.Default.ImportDocument, () => throw new InvalidOperationException("a document is wanted"));
            return;
        }

        call.Around.Out.Line(IndentedJson.Text(result.Config));
        call.Around.Error.Show(ImportView.Of(result, call.Parsed.GetValue(secrets) is not null));
    }

    private static string? TextOf(string path)
    {
        var text = BoundedFile.Read(path, BoundedFile.ConfigBytes);
        return text.Bytes is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes) : null;
    }
}
