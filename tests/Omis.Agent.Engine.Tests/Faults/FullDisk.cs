using System.ComponentModel;

namespace Omis.Agent.Engine.Tests.Faults;

/// <summary>A file system of its own for a folder, small enough to be filled.</summary>
public sealed class FullDisk : IAsyncDisposable
{
    private readonly string folder;

    private FullDisk(string folder) => this.folder = folder;

    private string Ballast => Path.Combine(folder, "ballast");

    public static async Task<FullDisk> MountAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "omis-test", folder);
        return new FullDisk(folder);
    }

    /// <summary>Takes the last byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // No space is left: that is what was wanted.
        }
    }

    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", folder);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var run = ChildProcess.Start(program, arguments, new Dictionary<string, string?>(), "/");
            (await run.EndAsync(TimeSpan.FromSeconds(30))).OrThrow();
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            throw new InvalidOperationException($"tests of a full disk mount one, which takes root: {fault.Message}", fault);
        }
    }
}
