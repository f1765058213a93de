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

    [Theory]
    [InlineData("success", 0)]
    [InlineData("inactive", 0)]
    [InlineData("failure", 1)]
    [InlineData("error", 1)]
    public async Task The_workflow_waits_for_the_deployment_and_ends_as_it_does(string state, int code)
    {
        var folder = Directory.CreateTempSubdirectory("omis-workflow-").FullName;
        try
        {
            // Nothing yet, then a deployment without a status, then one that goes on, then its end.
            await ScriptAsync(folder, "gh", $$"""
                n=$(cat {{folder}}/n 2>/dev/null || echo 0); echo $((n + 1)) > {{folder}}/n
                case "$2" in
                  "repos/acme/shop/deployments?sha=abc&environment=omis-pc&per_page=1") [ $n = 0 ] || echo 42 ;;
                  "repos/acme/shop/deployments/42/statuses?per_page=1") if [ $n -gt 4 ]; then echo {{state}}; elif [ $n -gt 2 ]; then echo in_progress; fi ;;
                  *) exit 9 ;;
                esac
                """);
            await ScriptAsync(folder, "sleep", "exit 0");
            var start = new ProcessStartInfo("bash", ["-eo", "pipefail", "-c", Step("Wait for the agent's verdict")]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}";
            (start.Environment["GITHUB_REPOSITORY"], start.Environment["GITHUB_SHA"]) = ("acme/shop", "abc");

            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal((code, $"deployment not yet: waiting\ndeployment 42: waiting\ndeployment 42: in_progress\ndeployment 42: {state}\n"), (process.ExitCode, said));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ScriptAsync(string folder, string name, string body) => await SayAsync("/bin/sh", ["-c", "cat > \"$0\" && chmod 755 \"$0\"", Path.Combine(folder, name)], "#!/bin/sh\n" + body + "\n");

    private static string Step(string name)
    {
        var jobs = (YamlMappingNode)Document(File.ReadAllText(RepositoryFile.Of("packaging/cloud-init/deploy.yml")))["jobs"];
        return ((YamlSequenceNode)jobs["release"]["steps"]).Cast<YamlMappingNode>()
            .Where(step => step.Children.TryGetValue("name", out var called) && ((YamlScalarNode)called).Value == name).Select(step => ((YamlScalarNode)step["run"]).Value!).Single();
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
