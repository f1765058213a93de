using System.Collections.Immutable;
using System.Formats.Tar;
using Omis.Agent.Core.Observing;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose;

/// <summary>
/// Inline <c>configs</c> and <c>secrets</c> (<c>content</c>, <c>environment</c>): compose copies them into the container
/// between its creation and its start, and nothing but the files themselves tells of it. Their times tell them from what
/// the program wrote: compose's archive has whole seconds only, of the container's birth; a program's files have
/// fractions. Source: docker/compose, pkg/compose/secrets.go; tried with compose 2.26 and 2.40 on engines 20.10, 26.1
/// and 28.5. They are held in memory only.
/// </summary>
internal sealed class InjectedFiles(ContainerFiles files)
{
    /// <summary>More changed files than this are not looked at one by one: only those in compose's usual places are.</summary>
    private const int Many = 2000;

    private const long LargestFile = 64 << 20;

    private const string Secrets = "/run/secrets/";

    /// <summary>A container of a busy machine may wait for its files; the archive's second is rounded.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1), Rounding = TimeSpan.FromSeconds(1);

    /// <summary>Paths of the files that compose gave to the container, or that were carried over to it before.</summary>
    public async Task<ImmutableArray<string>> FindAsync(ContainerView container, CancellationToken ct)
    {
        if (!container.Labels.ContainsKey(ComposeLabels.Project) || container.Created is not { } born)
        {
            return [];
        }

        var carried = Listed(container.Labels.GetValueOrDefault(WorkloadLabels.Files));
        var changed = await files.ChangedAsync(container.Id, ct).ConfigureAwait(false);
        var looked = changed.Length <= Many ? changed : [.. changed.Where(path => path.StartsWith(Secrets, StringComparison.Ordinal) || path.LastIndexOf('/') == 0)];
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var chunk in looked.Except(carried).Chunk(8))
        {
            var facts = await Task.WhenAll(chunk.Select(path => files.FactsAsync(container.Id, path, ct))).ConfigureAwait(false);
            found.AddRange(facts.Where(one => one is { IsRegular: true, Size: <= LargestFile } file && IsComposes(file, born)).Select(file => file!.Value.Path));
        }

        return [.. found.Concat(carried.Where(changed.Contains)).Order(StringComparer.Ordinal)];
    }

    /// <returns>The paths that did not arrive as they were.</returns>
    public async Task<ImmutableArray<string>> CarryAsync(string from, string to, ImmutableArray<string> paths, CancellationToken ct)
    {
        var lost = ImmutableArray.CreateBuilder<string>();
        foreach (var path in paths)
        {
            var entry = Entry(await files.ReadAsync(from, path, ct).ConfigureAwait(false), path);
            await files.WriteAsync(to, Archive(entry), ct).ConfigureAwait(false);
            if (!Same(entry, Entry(await files.ReadAsync(to, path, ct).ConfigureAwait(false), path)))
            {
                lost.Add(path);
            }
        }

        return lost.ToImmutable();
    }

    /// <summary>What tells the next recreation: paths, a colon between them, as nothing that compose mounts has one in its path.</summary>
    public static ImmutableDictionary<string, string> Labels(ImmutableArray<string> paths) =>
        paths.IsEmpty ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add(WorkloadLabels.Files, string.Join(':', paths));

    private static ImmutableArray<string> Listed(string? label) => [.. (label ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)];

    private static bool IsComposes(FileFacts file, DateTimeOffset born) =>
        file.Changed.UtcTicks % TimeSpan.TicksPerSecond == 0 && file.Changed >= born - Rounding && file.Changed <= born + Soon;

    private static PaxTarEntry Entry(byte[] archive, string path)
    {
        using var reader = new TarReader(new MemoryStream(archive));
        var read = reader.GetNextEntry(copyData: true) ?? throw new InvalidDataException($"the engine gave an empty archive for {path}");
        return new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/'))
        {
            DataStream = read.DataStream,
            Gid = read.Gid,
            Uid = read.Uid,
            Mode = read.Mode,
            ModificationTime = read.ModificationTime,
        };
    }

    private static byte[] Archive(TarEntry entry)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(entry);
        }

        return bytes.ToArray();
    }

    private static bool Same(TarEntry one, TarEntry other) =>
        (one.Uid, one.Gid, one.Mode, one.ModificationTime) == (other.Uid, other.Gid, other.Mode, other.ModificationTime)
        && Content(one).AsSpan().SequenceEqual(Content(other));

    private static byte[] Content(TarEntry entry)
    {
        using var bytes = new MemoryStream();
        if (entry.DataStream is { } data)
        {
            data.Position = 0;
            data.CopyTo(bytes);
        }

        return bytes.ToArray();
    }
}
