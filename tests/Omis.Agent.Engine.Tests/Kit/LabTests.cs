namespace Omis.Agent.Engine.Tests.Kit;

public sealed class LabTests
{
    [Theory, InlineData(null), InlineData("/nowhere/lab.json")]
    public void Without_a_lab_it_is_said_how_to_get_one(string? path) =>
        Assert.Contains("tests/lab/lab up DIR", Assert.Throws<InvalidOperationException>(() => Lab.Load(path)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_leg_that_is_not_there_is_told_with_the_reason()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """
            { "engines": [], "skipped": [ { "leg": "newest", "reason": "no packages" } ], "compose": [], "busybox": "",
              "registry": { "address": "127.0.0.1:1", "accessLog": "", "configFile": "", "binary": "" } }
            """);
        var lab = Lab.Load(file);
        File.Delete(file);
        Assert.Equal(["newest"], lab.Legs);
        Assert.Equal("no packages", lab.WhyNot("newest"));
    }

    [Theory, EachLeg]
    public async Task An_engine_is_what_the_lab_says_it_is(string leg)
    {
        var engine = Lab.Current.Engine(leg);
        var version = await engine.GetAsync("/version");
        Assert.Equal(engine.Facts.ApiVersion, version["ApiVersion"]!.GetValue<string>());
        Assert.Equal(engine.Facts.MinApiVersion, version["MinAPIVersion"]!.GetValue<string>());
        var driver = (await engine.GetAsync("/info"))["DriverStatus"]!.ToJsonString();
        Assert.Equal(engine.HasContainerdStore, driver.Contains("io.containerd.snapshotter", StringComparison.Ordinal));
    }
}
