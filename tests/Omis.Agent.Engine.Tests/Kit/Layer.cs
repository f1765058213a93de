using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>One layer: what the registry has (compressed), and the digest of what the engine unpacks.</summary>
public sealed record Layer(Blob Blob, string DiffId)
{
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;

    private static readonly string[] Applets = ["sh", "cat", "echo", "env", "false", "httpd", "id", "kill", "ls", "mkdir", "nc", "pwd", "sleep", "test", "touch", "true", "wget"];

    private static readonly string[] Folders = ["bin", "etc", "www", "data", "tmp"];

    private static readonly Lazy<Layer> Busybox = new(BuildBase);

    /// <summary>Busybox and the folders that programs expect: the same for every image, so that engines have it after the first pull.</summary>
    public static Layer Base => Busybox.Value;

    public static Layer Of(TestImage image) => Pack(tar =>
    {
        foreach (var (path, content) in image.Files)
        {
            Add(tar, path, Encoding.UTF8.GetBytes(content), path.StartsWith("bin/", StringComparison.Ordinal) ? Executable : Readable);
        }

        if (image.Ballast > 0)
        {
            Add(tar, "ballast", Noise(image), Readable);
        }
    });

    private static Layer BuildBase() => Pack(tar =>
    {
        foreach (var folder in Folders)
        {
            tar.WriteEntry(Fixed(new UstarTarEntry(TarEntryType.Directory, folder + "/"), folder is "tmp" or "data" ? (UnixFileMode)0b111_111_111 : Executable));
        }

        Add(tar, "bin/busybox", File.ReadAllBytes(Lab.Current.Busybox), Executable);
        foreach (var applet in Applets)
        {
            tar.WriteEntry(Fixed(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" }, Executable));
        }

        Add(tar, "etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:1000:1000::/:/bin/sh\n"u8.ToArray(), Readable);
        Add(tar, "etc/group", "root:x:0:\napp:x:1000:\n"u8.ToArray(), Readable);
    });

    private static Layer Pack(Action<TarWriter> write)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Ustar, leaveOpen: true))
        {
            write(tar);
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain.GetBuffer(), 0, (int)plain.Length);
        }

        return new Layer(Blob.Of(packed.ToArray()), Blob.Of(plain.ToArray()).Digest);
    }

    private static void Add(TarWriter tar, string path, byte[] content, UnixFileMode mode)
    {
        using var data = new MemoryStream(content);
        tar.WriteEntry(Fixed(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = data }, mode));
    }

    private static UstarTarEntry Fixed(UstarTarEntry entry, UnixFileMode mode)
    {
        entry.Mode = mode;
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        return entry;
    }

#pragma warning disable CA5394 // The same noise each time for one test is the point; another's is already on the engine.
    private static byte[] Noise(TestImage image)
    {
        var noise = new byte[image.Ballast];
        new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{image.Author} {image.Ballast}")))).NextBytes(noise);
        return noise;
    }
#pragma warning restore CA5394
}
