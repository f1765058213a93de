using System.Globalization;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// Nothing is pulled onto a disk that is nearly full: a full one would take the containers down that run. An engine on
/// another machine keeps its images where this process cannot look; its own "no space left" has to do.
/// </summary>
/// <param name="isHere">False where the engine is reached over the network: the same path on this machine is another disk.</param>
/// <param name="floor">Bytes that have to be free before a pull.</param>
internal sealed class DiskFloor(EngineClient engine, bool isHere, long floor)
{
    /// <param name="reclaim">Removes what is kept beyond what a rollback needs first.</param>
    /// <returns>What is missing, or null.</returns>
    public async Task<string?> ShortageAsync(Func<Task> reclaim, CancellationToken ct)
    {
        if (!isHere)
        {
            return null;
        }

        var root = await engine.DataRootAsync(ct).ConfigureAwait(false);
        if (Free(root) is not { } before || before >= floor)
        {
            return null;
        }

        await reclaim().ConfigureAwait(false);
        return Free(root) is { } free && free < floor
            ? string.Create(CultureInfo.InvariantCulture, $"{free / 1_000_000} MB are free at {root}, the engine's data; engine.keepFree asks for {floor / 1_000_000} MB before anything is pulled")
            : null;
    }

    /// <returns>Bytes at a folder of this machine; null where that cannot be told.</returns>
    public static long? Free(string? root)
    {
        try
        {
            return Directory.Exists(root) ? new DriveInfo(root).AvailableFreeSpace : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
