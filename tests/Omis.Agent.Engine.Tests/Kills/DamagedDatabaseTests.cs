using System.Buffers.Binary;

namespace Omis.Agent.Engine.Tests.Kills;

/// <summary>The agent dies in mid-rollout, and its database is damaged before the next start.</summary>
public sealed class DamagedDatabaseTests
{
    private static readonly (string Kind, Action<string> Do)[] Damages =
    [
        ("cut short", path => Change(path, bytes => bytes[..5000])),
        ("garbage", path => Change(path, bytes => [.. bytes.Select((_, i) => (byte)(i * 7))])),
        ("of a later agent", path => Change(path, OfLater)),
        ("nothing", path => Change(path, _ => [])),
    ];

    /// <summary>After the first call of these kinds: create, rename, start, and the removal of what was parked.</summary>
    private static readonly int[] Kinds = [3, 5, 7, 8];

    [Fact]
    public async Task It_is_set_aside_told_and_the_rollout_is_ended_by_the_labels()
    {
        await using var lane = await KillLane.StartAsync(Rollouts.OneLeg.Mine());
        for (var i = 0; i < Damages.Length; i++)
        {
            foreach (var kind in KillRun.IsWhole ? Kinds : [Kinds[i]])
            {
                await TryAsync(lane, Damages[i].Kind, Damages[i].Do, kind);
            }
        }
    }

    [Fact]
    public async Task A_journal_that_lost_its_end_brings_back_what_it_no_longer_knows_to_be_parked()
    {
        await using var lane = await KillLane.StartAsync(Rollouts.OneLeg.Mine());
        foreach (var kind in KillRun.IsWhole ? Kinds[1..] : [7, 8])
        {
            var next = await lane.ReleaseAsync(isBad: false);
            Assert.True(await lane.DiesAsync(new KillPoint.Call(kind, Moment.After, ByKind: true), "run", "--once"));
            var log = Log(lane);
            using (var file = new FileStream(log, FileMode.Open))
            {
                file.SetLength(file.Length / 2);
            }

            await lane.EndsWellAsync($"the journal was cut in half after kind {kind}", next, tagMayLead: true);
        }
    }

    private static async Task TryAsync(KillLane lane, string damage, Action<string> damaging, int kind)
    {
        var next = await lane.ReleaseAsync(isBad: false);
        Assert.True(await lane.DiesAsync(new KillPoint.Call(kind, Moment.After, ByKind: true), "run", "--once"));
        var before = Aside(lane).Length;
        damaging(Path.Combine(lane.Home.StateDirectory, "omis-agent.db"));
        File.Delete(Log(lane));
        var looked = await lane.Home.RunAsync("pause");
        Assert.Contains("set aside", looked.Errors, StringComparison.Ordinal);
        await lane.EndsWellAsync($"{damage} after kind {kind}", next, tagMayLead: true);
        Assert.Equal(before + 1, Aside(lane).Length);
        var status = (await lane.Home.RunAsync("status", "--json")).Exits(0);
        Assert.Contains("corrupt", status.Output, StringComparison.Ordinal);
    }

    private static string Log(KillLane lane) => Path.Combine(lane.Home.StateDirectory, "omis-agent.db-wal");

    /// <summary>Without the companions of each.</summary>
    private static string[] Aside(KillLane lane) => [.. Directory.GetFiles(lane.Home.StateDirectory, "omis-agent.db.corrupt-*").Where(path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal))];

    private static void Change(string path, Func<byte[], byte[]> change) => File.WriteAllBytes(path, change(File.ReadAllBytes(path)));

    /// <summary>The schema's version stands at offset 60. Source: sqlite.org/fileformat.html, "The Database Header".</summary>
    private static byte[] OfLater(byte[] bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(60), 99);
        return bytes;
    }
}
