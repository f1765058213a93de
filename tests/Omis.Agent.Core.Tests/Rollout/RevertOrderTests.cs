using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Core.Tests.Rollout;

public sealed class RevertOrderTests
{
    [Fact]
    public void The_last_step_goes_back_first_and_each_is_down_no_longer_than_it_must() =>
        Assert.Equal("-c +c -b +b -a +a", Moves(Undo("a"), Undo("b"), Undo("c")));

    [Fact]
    public void What_is_bound_to_a_container_starts_after_that_one_is_back() =>
        Assert.Equal("-torrent -vpn +vpn +torrent", Moves(Undo("vpn"), Undo("torrent", "vpn")));

    [Fact]
    public void Bindings_are_followed_all_the_way() =>
        Assert.Equal("-exporter -torrent -vpn +vpn +torrent +exporter", Moves(Undo("vpn"), Undo("torrent", "vpn"), Undo("exporter", "torrent")));

    [Fact]
    public void What_is_bound_to_an_untouched_container_does_not_wait() =>
        Assert.Equal("-torrent +torrent", Moves(Undo("torrent", "vpn")));

    [Fact]
    public void A_sharer_waits_for_every_replica() =>
        Assert.Equal("-side -web.2 +web.2 -web.1 +web.1 +side", Moves(Undo("web.1"), Undo("web.2"), Undo("side", "web")));

    private static string Moves(params Undo[] undos) =>
        string.Join(' ', RevertOrder.Of([.. undos]).Select(move => (move.Restores ? "+" : "-") + move.Undo.Key));

    private static Undo Undo(string key, params string[] after) => new()
    {
        Key = key,
        Rollout = "r",
        Workload = new WorkloadId("shop", key.Split('.')[0]),
        Action = StepAction.Recreate,
        Name = key,
        ParkedName = key + ".omis-parked",
        NewName = key + ".omis-new",
        OldId = key + "-old",
        OldImageId = "image",
        RestartPolicy = new RestartPolicy("no", 0),
        After = [.. after.Select(name => new WorkloadId("shop", name))],
    };
}
