using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Testing;

namespace Omis.Agent.Core.Tests.Notifying;

public sealed class OutboxRulesTests
{
    private static readonly QuietHours Night = new() { From = new TimeOnly(22, 0), To = new TimeOnly(7, 0) };

    private static DateTimeOffset At(int hour) => new(2026, 1, 2, hour, 30, 0, TimeSpan.Zero);

    [Fact]
    public void The_oldest_goes_first()
    {
        ImmutableArray<OutboxItem> waiting = [Item(1, "a"), Item(2, "b"), Item(3, "a")];
        Assert.Equal(1, NextUp.Of(waiting, null, At(12))!.Seq);
    }

    [Fact]
    public void What_waits_holds_up_its_own_rollout_and_no_other()
    {
        ImmutableArray<OutboxItem> waiting = [Item(1, "a", nextAt: At(13)), Item(2, "a"), Item(3, "b")];
        Assert.Equal(3, NextUp.Of(waiting, null, At(12))!.Seq);
        Assert.Null(NextUp.Of(waiting[..2], null, At(12)));
        Assert.Equal(1, NextUp.Of(waiting, null, At(13))!.Seq);
    }

    [Theory]
    [InlineData(21, false)]
    [InlineData(22, true)]
    [InlineData(3, true)]
    [InlineData(7, false)]
    public void Quiet_hours_hold_what_is_not_urgent(int hour, bool held)
    {
        Assert.Equal(held, NextUp.Of([Item(1, "a")], Night, At(hour)) is null);
        Assert.NotNull(NextUp.Of([Item(1, "a", Outcome.Stuck)], Night, At(hour)));
    }

    [Fact]
    public void What_is_urgent_lets_what_came_before_it_through_so_that_order_stays()
    {
        ImmutableArray<OutboxItem> waiting = [Item(1, "a", Outcome.Committed), Item(2, "a", Outcome.Stuck), Item(3, "b")];
        Assert.Equal(1, NextUp.Of(waiting, Night, At(3))!.Seq);
        Assert.Null(NextUp.Of(waiting[2..], Night, At(3)));
    }

    [Fact]
    public void Quiet_hours_follow_their_time_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(10), "east", "east");
        Assert.True((Night with { Zone = zone }).Hold(Severity.Info, At(13)));
        Assert.False((Night with { Zone = zone }).Hold(Severity.Info, At(23)));
    }

    [Theory]
    [InlineData(Severity.Info, true, true, true)]
    [InlineData(Severity.Error, false, true, true)]
    [InlineData(Severity.Critical, false, false, true)]
    public void A_channel_is_told_from_its_severity_on(Severity minimum, bool committed, bool reverted, bool stuck)
    {
        var rules = new ChannelRules { Minimum = minimum };
        Assert.Equal((committed, reverted, stuck), (rules.Wants(Ended(Outcome.Committed)), rules.Wants(Ended(Outcome.Reverted)), rules.Wants(Ended(Outcome.Stuck))));
    }

    [Fact]
    public void A_start_is_told_only_to_those_who_ask()
    {
        var begun = new Notice.Begun(StartedRollout.Of(Some.Header()));
        Assert.False(new ChannelRules().Wants(begun));
        Assert.True(new ChannelRules { On = [NoticeEvent.Started] }.Wants(begun));
        Assert.False(new ChannelRules { On = [NoticeEvent.Stuck] }.Wants(Ended(Outcome.Reverted)));
    }

    [Fact]
    public void A_thousand_refusals_of_a_project_for_one_reason_are_one_notice()
    {
        var refused = Enumerable.Range(0, 1000).Select(i => Some.Refused(new Skip(Some.Workload($"s{i}"), ReasonCode.Paused, $"paused {i % 7}")));

        var notice = Assert.IsType<Notice.Ended>(Assert.Single(Refusals.Told(refused)));

        Assert.Equal(1000, notice.Record.Steps.Length);
        Assert.Equal("paused 0; paused 1; paused 2; paused 3; paused 4; and 2 more", notice.Record.Reason!.Detail);
    }

    [Fact]
    public void A_failure_that_repeats_itself_is_no_news_and_another_one_is()
    {
        var failed = Some.Record(outcome: Outcome.Failed);
        Assert.True(News.IsNews(failed, null, null));
        Assert.False(News.IsNews(failed with { Id = "2" }, null, failed));
        Assert.True(News.IsNews(failed with { Id = "2", Reason = new Reason(ReasonCode.Disk, "full") }, null, failed));
        Assert.True(News.IsNews(failed with { Id = "2", Steps = [failed.Steps[0] with { To = Some.Digest(9) }] }, null, failed));
        Assert.True(News.IsNews(failed with { Id = "2" }, null, Some.Record()));
        Assert.True(News.IsNews(Some.Record(outcome: Outcome.Reverted), null, Some.Record(outcome: Outcome.Reverted)));
    }

    [Fact]
    public void What_would_lose_something_is_told_once_and_its_next_beginning_is_no_news_either()
    {
        var lossy = Some.Record(outcome: Outcome.Refused) with { Reason = new Reason(ReasonCode.Lossy, "HostConfig.Foo") };
        var begun = StartedRollout.Of(Some.Header());
        Assert.True(News.IsNews(lossy, null, Some.Record()));
        Assert.False(News.IsNews(lossy with { Id = "2" }, null, lossy));
        Assert.True(News.IsNews(begun, null));
        Assert.True(News.IsNews(begun, Some.Record(outcome: Outcome.Reverted)));
        Assert.False(News.IsNews(begun, lossy));
        Assert.False(News.IsNews(begun, Some.Record(outcome: Outcome.Failed)));
        Assert.True(News.IsNews(begun with { Steps = [begun.Steps[0] with { To = Some.Digest(9) }] }, lossy));
    }

    [Fact]
    public void A_registry_is_down_where_nothing_could_be_learnt_from_it()
    {
        var answers = ImmutableDictionary<ImageReference, RegistryAnswer>.Empty
            .Add(ImageReference.Parse("a.io/one"), Failed(ReasonCode.RegistryUnavailable)).Add(ImageReference.Parse("a.io/two"), Failed(ReasonCode.RateLimited))
            .Add(ImageReference.Parse("b.io/one"), Failed(ReasonCode.RegistryUnauthorized)).Add(ImageReference.Parse("b.io/two"), new RegistryAnswer.Found(Some.Digest(1)))
            .Add(ImageReference.Parse("c.io/one"), Failed(ReasonCode.ImageNotFound));

        var faults = RegistryFaults.Of(answers);

        Assert.NotNull(faults["a.io"]);
        Assert.Null(faults["b.io"]);
        Assert.Null(faults["c.io"]);
    }

    private static RegistryAnswer.Failed Failed(ReasonCode code) => new(code, "no");

    private static Notice.Ended Ended(Outcome outcome, string rollout = "01J") => new(Some.Record(rollout, outcome), rollout);

    private static OutboxItem Item(long seq, string rollout, Outcome outcome = Outcome.Committed, DateTimeOffset nextAt = default) =>
        new(seq, "ops", Ended(outcome, rollout), Some.Moment, 0, nextAt, null);
}
