using Omis.Agent.Core.Settings;
using Omis.Agent.Rendering;

namespace Omis.Agent.Examining;

/// <summary>Whether the engine's disk has the room without which nothing is pulled.</summary>
internal static class DiskExam
{
    /// <param name="root">Where the engine keeps its data; null where it does not say.</param>
    /// <param name="free">Bytes at a place of this machine; null where it cannot be seen.</param>
    public static Finding Examine(EngineSettings settings, string? root, Func<string, long?> free)
    {
        var isHere = settings.Endpoint?.Scheme is not ("tcp" or "http" or "https");
        if (!isHere || root is null || free(root) is not { } bytes)
        {
            return Finding.Skipped("disk", root ?? "the engine's data", "its free space cannot be seen from here", "look on the engine's own machine: df -h");
        }

        var detail = $"{Words.Bytes(bytes)} are free; engine.keepFree asks for {Words.Bytes(settings.KeepFree)}";
        return bytes < settings.KeepFree
            ? Finding.Failed("disk", root, detail, "free some space (docker system df, docker image prune), or make engine.keepFree smaller; until then nothing is pulled")
            : Finding.Ok("disk", root, detail);
    }
}
