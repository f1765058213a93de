namespace Omis.Agent.Engine.Tests.Faults;

public sealed class PlatformTests
{
    private static readonly string Elsewhere = TestImage.Here == "linux/arm64" ? "linux/amd64" : "linux/arm64";

    [Theory, EachLeg]
    public Task An_index_without_this_platform_touches_nothing(string leg) => MismatchesAsync(leg, ImageFormat.OciIndex);

    [Theory, EachLeg]
    public Task A_single_manifest_for_another_platform_touches_nothing(string leg) => MismatchesAsync(leg, ImageFormat.DockerManifest);

    private static async Task MismatchesAsync(string leg, ImageFormat format)
    {
        await using var update = await PendingUpdate.StartAsync(Lab.Current.Engine(leg), new Wanted
        {
            Next = service => TestImage.Good(service, "2") with { Platforms = [Elsewhere], Format = format },
        });
        (await update.CycleAsync()).Exits(3).Ended("failed platformMismatch");
        await update.IsUntouchedAsync();
        await update.ReleaseAsync("3");
        await update.TakesTheUpdateAsync("3");
    }
}
