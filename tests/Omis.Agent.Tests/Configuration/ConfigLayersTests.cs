using Omis.Agent.Configuration;

namespace Omis.Agent.Tests.Configuration;

/// <summary>The file, its fragments and the environment.</summary>
public sealed class ConfigLayersTests : IDisposable
{
    private readonly ConfigSandbox sandbox = new();
    private readonly string file;

    public ConfigLayersTests() =>
        file = sandbox.Write("agent.json", """{ "check": { "every": "5m" }, "projects": { "shop": { "soak": "1s", "services": { "web": { "update": "never" } } } } }""");

    public void Dispose() => sandbox.Dispose();

    [Fact]
    public void Fragments_are_laid_over_the_file_in_the_order_of_their_names()
    {
        sandbox.Write("agent.d/20-later.json", """{ "check": { "every": "2m" } }""");
        sandbox.Write("agent.d/10-sooner.json", """{ "check": { "every": "1m", "jitter": "0%" }, "projects": { "shop": { "services": { "db": { "update": "never" } } }, "other": {} } }""");
        sandbox.Write("agent.d/README", "not one of them");
        var settings = Loaded();
        Assert.Equal((TimeSpan.FromMinutes(2), 0), (settings.Check.Every, settings.Check.Jitter));
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Projects["shop"].Soak);
        Assert.Equal(["db", "web"], settings.Projects["shop"].Services.Keys.Order());
        Assert.Contains("other", settings.Projects.Keys);
    }

    [Fact]
    public void The_environment_goes_before_all_files_whatever_its_letters()
    {
        sandbox.Write("agent.d/10.json", """{ "check": { "every": "2m" } }""");
        sandbox.Environment["OMIS_AGENT__CHECK__EVERY"] = "90s";
        sandbox.Environment["OMIS_AGENT__defaults__KeepPrevious"] = "3";
        sandbox.Environment["OMIS_AGENT__PROJECTS__SHOP__SERVICES__WEB__UPDATE"] = "notify";
        sandbox.Environment["OMIS_AGENT__PROJECTS__SHOP__SERVICES__WEB__PROBES"] = """[{ "tcp": "127.0.0.1:80" }]""";
        var settings = Loaded();
        Assert.Equal((TimeSpan.FromSeconds(90), 3), (settings.Check.Every, settings.Defaults.KeepPrevious));
        Assert.Single(settings.Projects["shop"].Services["web"].Healthy.Probes);
    }

    [Theory]
    [InlineData("agent.d/10.json", """{ "check": { "evry": "2m" } }""", "check.evry: unknown key")]
    [InlineData("agent.d/10.json", """{ "check": { "every": "1m", "every": "2m" } }""", "check.every: given twice")]
    [InlineData("agent.d/10.json", "[]", "found a list, expected an object")]
    [InlineData("agent.d/10.json", "{ ]", "line 1, column 3: not JSON")]
    [InlineData("agent.json", """{ "check": { "jitter": "x" } }""", "check.jitter: found")]
    public void A_mistake_is_told_with_the_file_that_it_stands_in(string name, string text, string mistake)
    {
        sandbox.Write("agent.d/90.json", """{ "check": {} }""");
        var wrong = sandbox.Write(name, text);
        var error = Assert.Single(ConfigFile.Load(file, sandbox.Environment).Errors).ToString();
        Assert.StartsWith($"{wrong}: {mistake}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_the_environment_is_told_as_one()
    {
        sandbox.Environment["OMIS_AGENT__CHECK__EVRY"] = "90s";
        Assert.StartsWith("the environment: check.evry: unknown key", Assert.Single(ConfigFile.Load(file, sandbox.Environment).Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_fingerprint_is_that_of_the_contents()
    {
        var before = ConfigFile.Fingerprint(file);
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.Equal(before, ConfigFile.Fingerprint(file));
        sandbox.Write("agent.d/10.json", "{}");
        var more = ConfigFile.Fingerprint(file);
        File.Delete(file);
        Assert.Equal(3, new[] { before, more, ConfigFile.Fingerprint(file) }.Distinct().Count());
    }

    private Core.Settings.AgentSettings Loaded()
    {
        var result = ConfigFile.Load(file, sandbox.Environment);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }
}
