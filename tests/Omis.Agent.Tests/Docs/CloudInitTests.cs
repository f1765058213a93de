using System.Diagnostics;
using System.Text;
using Omis.Agent.Configuration;
using Omis.Agent.Testing;
using YamlDotNet.RepresentationModel;

namespace Omis.Agent.Tests.Docs;

/// <summary>What a bare machine is told is what the agent, the shell and cloud-init take.</summary>
public sealed class CloudInitTests
{
    private const string UserData = "packaging/cloud-init/user-data.yaml";

    [Fact]
    public void The_config_that_it_writes_is_valid()
    {
        var result = ConfigFile.Parse(Encoding.UTF8.GetBytes(Written("/etc/omis-agent.json")), "/etc", new Dictionary<string, string>());

        Assert.Empty(result.Errors);
        Assert.Equal(["backend", "caddy", "csvtomdb", "postgres"], result.Settings!.Project("omis-pc").Services.Keys.Order());
    }

    [Fact]
    public void Its_services_are_those_that_the_config_names()
    {
        var services = (YamlMappingNode)Document(Written("/opt/omis-pc/compose.yaml"))["services"];

        Assert.Equal(["backend", "caddy", "csvtomdb", "frontend", "postgres"], services.Children.Keys.Select(name => ((YamlScalarNode)name).Value).Order());
    }

    [Fact]
    public async Task The_shell_takes_its_script() =>
        Assert.Equal("", await SayAsync("bash", ["-n"], Written("/usr/local/sbin/omis-setup")));

    [Fact]
    public async Task Cloud_init_takes_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/cloud-init"), "cloud-init is not installed (apt-get install cloud-init)");

        Assert.Contains("Valid", await SayAsync("cloud-init", ["schema", "--config-file", RepositoryFile.Of(UserData)]), StringComparison.Ordinal);
    }

    private static YamlMappingNode Document(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static string Written(string path) =>
        ((YamlSequenceNode)Document(File.ReadAllText(RepositoryFile.Of(UserData)))["write_files"]).Cast<YamlMappingNode>()
            .Where(file => ((YamlScalarNode)file["path"]).Value == path).Select(file => ((YamlScalarNode)file["content"]).Value!).Single();

    private static async Task<string> SayAsync(string program, string[] arguments, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return string.Concat(said);
    }
}
