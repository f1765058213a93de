using System.Diagnostics;
using System.Globalization;
using Omis.Agent.Core.Naming;
using Omis.Agent.Journal;

namespace Omis.Agent.Tests.Journal;

public sealed class EngineLockTests : IDisposable
{
    private readonly StateFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Only_one_holds_it_at_a_time()
    {
        using (var first = new EngineLock(folder.Where).TryTake())
        {
            Assert.NotNull(first);
            Assert.Null(new EngineLock(folder.Where).TryTake());
        }

        using var next = new EngineLock(folder.Where).TryTake();
        Assert.NotNull(next);
    }

    [Fact]
    public void It_names_its_holder()
    {
        using var held = new EngineLock(folder.Where).TryTake();
        using var process = Process.Start(new ProcessStartInfo("cat", Path.Combine(folder.Where, "rollout.lock")) { RedirectStandardOutput = true })!;

        Assert.Equal(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), process.StandardOutput.ReadToEnd().Trim());
        process.WaitForExit();
    }

    [Fact]
    public async Task A_killed_process_holds_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs flock(1)");
        new EngineLock(folder.Where).TryTake()!.Dispose();
        var start = new ProcessStartInfo("flock", [Path.Combine(folder.Where, "rollout.lock"), "-c", "echo held; exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var holder = Process.Start(start)!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(new EngineLock(folder.Where).TryTake());

        holder.Kill(entireProcessTree: true);
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var taken = await TakeAsync();
        Assert.NotNull(taken);
    }

    [Fact]
    public void A_directory_that_cannot_be_used_says_so()
    {
        File.WriteAllText(folder.Where, "a file is in the way");

        Assert.Equal(ReasonCode.Disk, Assert.Throws<EnvironmentException>(() => new EngineLock(folder.Where).TryTake()).Code);

        File.Delete(folder.Where);
    }

    /// <summary>The child of the killed process may live a moment longer than it.</summary>
    private async Task<IDisposable?> TakeAsync()
    {
        while (true)
        {
            if (new EngineLock(folder.Where).TryTake() is { } taken)
            {
                return taken;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
