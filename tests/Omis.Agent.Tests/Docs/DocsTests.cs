using System.Text.RegularExpressions;
using Omis.Agent.Configuration;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Commands;

namespace Omis.Agent.Tests.Docs;

/// <summary>What the documents say is what the code does.</summary>
public sealed partial class DocsTests : IDisposable
{
    private readonly Cli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public void The_reference_of_the_config_is_the_schemas() =>
        GeneratedPart.IsIn("docs/configuration.md", "reference", ConfigReference.Text(ConfigSchema.Document()));

    [Fact]
    public void The_table_of_watchtowers_options_is_the_codes() =>
        GeneratedPart.IsIn("docs/migrating-from-watchtower.md", "table", MigrationTable.Text());

    [Fact]
    public void Every_document_that_another_links_to_is_there()
    {
        string[] documents = ["README.md", "packaging/README.md", .. Directory.GetFiles(RepositoryFile.Of("docs"), "*.md").Select(path => "docs/" + Path.GetFileName(path))];
        var broken = documents.SelectMany(document => Link().Matches(File.ReadAllText(RepositoryFile.Of(document))).Select(match => match.Groups[1].Value)
            .Where(target => !File.Exists(RepositoryFile.Of(Path.Combine(Path.GetDirectoryName(document)!, target))) && !Directory.Exists(RepositoryFile.Of(Path.Combine(Path.GetDirectoryName(document)!, target))))
            .Select(target => $"{document} → {target}"));
        Assert.Empty(broken);
    }

    /// <summary>Every command of ours in a document is one that the binary takes, with those options.</summary>
    [Fact]
    public async Task Every_command_in_the_documents_is_understood()
    {
        string[] documents = ["README.md", .. Directory.GetFiles(RepositoryFile.Of("docs"), "*.md").Select(path => "docs/" + Path.GetFileName(path))];
        var commands = documents.SelectMany(document => Block().Matches(File.ReadAllText(RepositoryFile.Of(document))).SelectMany(block => Command().Matches(block.Value)).Select(match => (document, Line: match.Groups[1].Value.Split('#')[0].Trim()))).Distinct().ToArray();
        Assert.True(commands.Length > 20, "the documents' commands were not found");
        foreach (var (document, line) in commands)
        {
            string[] words = [.. Omis.Agent.Importing.ShellLine.Split(line, name => name)];
            var parsed = Omis.Agent.Commands.CommandTree.Of(Surroundings()).Parse(words);
            Assert.True(parsed.Errors.Count == 0, $"{document}: omis-agent {line}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
        }

        Assert.Contains("doctor", (await cli.RunAsync("--help")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completions_know_every_verb_and_option(string shell)
    {
        var script = (await cli.RunAsync("completion", shell)).Out;

        foreach (var word in (string[])["can-rollback", "import-watchtower", "quarantine", "clear", "send-test", "config", "actor"])
        {
            Assert.Contains(word, script, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("ignore-window", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manual_page_knows_every_verb_and_exit_code()
    {
        var page = (await cli.RunAsync("man")).Out;

        Assert.StartsWith(".TH OMIS\\-AGENT 8", page, StringComparison.Ordinal);
        Assert.Contains(".SS \"rollback PROJECT [SERVICE]...\"", page, StringComparison.Ordinal);
        Assert.Contains(".SS \"quarantine clear", page, StringComparison.Ordinal);
        Assert.Contains(".B 7\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", page, StringComparison.Ordinal);
    }

    private Omis.Agent.Hosting.Surroundings Surroundings()
    {
        var screen = new Omis.Agent.Rendering.Screen(TextWriter.Null, false, false, () => 80);
        return new() { Out = screen, Error = screen, Environment = cli.Environment, User = "ann", Time = cli.Time, Outside = Omis.Agent.Hosting.Composition.Outside };
    }

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex("```(?:sh|console|bash)\n.*?```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?:^|[ (])omis-agent ([a-z][a-z-]*[^\n|)>;]*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
