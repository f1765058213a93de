using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Omis.Agent.Control.Sockets;

/// <summary>Whose a file is, and whether it is a socket; which the framework does not tell. Linux only.</summary>
internal readonly record struct UnixFile(uint Owner, uint Group, bool IsSocket)
{
    private const int WorkingDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeOwnerGroup = 0x1 | 0x2 | 0x8 | 0x10;
    private const int TypeMask = 0xF000;
    private const int SocketType = 0xC000;

    /// <summary>The user in whose name this process acts.</summary>
    public static uint Self => EffectiveUser();

    /// <summary>Of the name itself, where it is a link. The layout is the kernel's own. Source: statx(2).</summary>
    /// <returns>Null where there is nothing, or nothing that this user may see.</returns>
    public static UnixFile? Find(string path)
    {
        var answer = new byte[256];
        return Look(WorkingDirectory, path, NoFollow, TypeModeOwnerGroup, answer) == 0
            ? new UnixFile(At(answer, 20), At(answer, 24), (BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(28)) & TypeMask) == SocketType)
            : null;
    }

    private static uint At(byte[] answer, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(offset));

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Look(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] answer);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();
}
