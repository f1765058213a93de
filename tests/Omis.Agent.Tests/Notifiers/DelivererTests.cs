using System.Collections.Concurrent;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Notifiers;
using Omis.Agent.Testing;
using Omis.Agent.Tests.Journal;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>Over a real outbox, a channel by script and a clock that is turned by hand.</summary>
public sealed class DelivererTests : IDisposable
{
    private readonly StateFolder folder = new();
    private readonly ListLogger<Deliverer> log = new();
    private StateDatabase state;

    public DelivererTests() => state = folder.Open();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_notice_arrives_once_and_in_order()
    {
        await PutAsync("01A", "01B", "01C");
        var channel = new Scripted();

        await DeliverAsync(channel);
        await DeliverAsync(channel);

        Assert.Equal(["01A.Committed", "01B.Committed", "01C.Committed"], channel.Got);
        Assert.Empty(await Outbox.WaitingAsync("ops", Ct));
    }

    [Fact]
    public async Task A_channel_that_is_away_is_tried_again_at_growing_intervals()
    {
        await PutAsync("01A");
        var channel = new Scripted(new Delivery.Away("503"), new Delivery.Away("503"), new Delivery.Away("503"));

        await TurnAsync(DeliverAsync(channel));

        Assert.Equal(4, channel.Got.Count);
        Assert.Single(channel.Got.Distinct());
        Assert.InRange(folder.Time.GetUtcNow() - Start, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(40));
        Assert.Equal(["Warning: Channel ops does not take notices: 503; they are kept and tried again", "Information: Channel ops takes notices again"], log.Lines);
    }

    [Fact]
    public async Task One_that_says_when_to_come_back_is_left_alone_until_then()
    {
        await PutAsync("01A");
        var channel = new Scripted(new Delivery.Away("429", TimeSpan.FromMinutes(7)));
        var delivery = DeliverAsync(channel);
        await channel.Sent.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        await UntilAsync(async () => (await Outbox.BacklogAsync(Ct))[0].Problem == "429");

        for (var minute = 0; minute < 6; minute++)
        {
            folder.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.Single(channel.Got);
        await TurnAsync(delivery);
        Assert.Equal(2, channel.Got.Count);
        Assert.True(folder.Time.GetUtcNow() - Start >= TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task A_message_that_is_rejected_holds_up_no_other_rollouts_and_is_tried_again_later()
    {
        await PutAsync("01A", "01B");
        var channel = new Scripted(new Delivery.Rejected("400"));

        await DeliverAsync(channel);
        Assert.Equal(["01A.Committed", "01B.Committed"], channel.Got);

        folder.Time.Advance(TimeSpan.FromMinutes(15));
        await DeliverAsync(channel);
        Assert.Equal(["01A.Committed", "01B.Committed", "01A.Committed"], channel.Got);
    }

    [Fact]
    public async Task What_comes_after_a_rejected_message_of_the_same_rollout_waits_for_it()
    {
        await PutAsync("01A");
        await new SqliteJournal(state, Addressees).CloseAsync("01A", Some.Record("01Z", Outcome.Reverted), [], [], Ct);
        var channel = new Scripted(new Delivery.Rejected("400"));

        await DeliverAsync(channel);
        Assert.Equal(["01A.Committed"], channel.Got);

        folder.Time.Advance(TimeSpan.FromMinutes(15));
        await DeliverAsync(channel);
        Assert.Equal(["01A.Committed", "01A.Committed", "01Z.Reverted"], channel.Got);
    }

    [Fact]
    public async Task A_restart_loses_nothing_and_sends_the_same_id_again()
    {
        await PutAsync("01A", "01B");
        using var killed = new CancellationTokenSource();
        var before = new Scripted { OnSend = killed.Cancel };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DeliverAsync(before, ct: killed.Token));
        folder.CloseAll();
        state = folder.Open();

        var after = new Scripted();
        await DeliverAsync(after);

        Assert.Equal(["01A.Committed"], before.Got);
        Assert.Equal(["01A.Committed", "01B.Committed"], before.Got.Concat(after.Got).Distinct());
    }

    [Fact]
    public async Task A_process_that_dies_after_sending_sends_it_again_under_the_id_that_the_channel_knows()
    {
        await PutAsync("01A");
        var seen = new ConcurrentDictionary<string, int>();
        await using var server = await ChannelServer.StartAsync((posted, _) =>
        {
            seen.AddOrUpdate(posted.Json.GetProperty("id").GetString()!, 1, (_, count) => count + 1);
            return new Reply(202);
        });
        using var poster = new Poster(folder.Time);
        var webhook = new Agent.Notifiers.Webhook.WebhookNotifier(new Uri(server.Url), null, new NotifierTools(poster, "vm1", folder.Time));

        // The death: the channel has it, and the outbox was never told.
        await webhook.SendAsync(Words.Of(Assert.Single(await Outbox.WaitingAsync("ops", Ct)).Notice), null, Ct);
        folder.CloseAll();
        state = folder.Open();
        await DeliverAsync(webhook);

        Assert.Equal(("01A.Committed", 2), (Assert.Single(seen).Key, seen.Values.Single()));
        Assert.Empty(await Outbox.WaitingAsync("ops", Ct));
    }

    [Fact]
    public async Task What_is_too_old_is_given_up_and_stands_in_history()
    {
        await PutAsync("01A");
        await DeliverAsync(new Scripted(new Delivery.Rejected("404")));
        folder.Time.Advance(TimeSpan.FromDays(3.1));
        var channel = new Scripted();

        await DeliverAsync(channel);

        Assert.Empty(channel.Got);
        Assert.Empty(await Outbox.WaitingAsync("ops", Ct));
        var record = (await new SqliteHistory(state).ListAsync(new HistoryFilter(), Ct)).Single(row => row.Kind == EntryKind.Notice);
        Assert.Equal("ops: notice 01A.Committed was not delivered within 72h: 404", record.Reason!.Detail);
        Assert.Contains(log.Lines, line => line.StartsWith("Error: A notice was given up: ops: notice 01A.Committed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_notifier_that_stumbles_rejects_and_its_exceptions_words_are_not_shown()
    {
        await PutAsync("01A", "01B");
        var channel = new Scripted { OnSend = () => throw new InvalidOperationException(Planted) };

        await DeliverAsync(channel);

        Assert.Equal("unexpected InvalidOperationException", (await Outbox.BacklogAsync(Ct))[0].Problem);
        Assert.DoesNotContain(Planted, string.Join('\n', log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_is_sent_with_what_the_channel_called_the_beginning()
    {
        var journal = new SqliteJournal(state, Addressees);
        await journal.AppendAsync("01A", new JournalEntry.Started(Some.Header("01A")), Ct);
        await journal.CloseAsync("01A", Some.Record("01A"), [], [], Ct);
        var channel = new Scripted { Reference = "ts-1" };

        await DeliverAsync(channel);

        Assert.Equal([null, "ts-1"], channel.References);
    }

    private static DateTimeOffset Start => Some.Moment;

    private static Addressees Addressees => new(() => [new Channel("ops", new ChannelRules { On = [.. ChannelRules.Usual, NoticeEvent.Started] })]);

    private SqliteOutbox Outbox => new(state);

    private async Task PutAsync(params string[] rollouts)
    {
        foreach (var id in rollouts)
        {
            await new SqliteJournal(state, Addressees).CloseAsync(id, Some.Record(id), [], [], Ct);
        }
    }

    private Task DeliverAsync(INotifier notifier, CancellationToken? ct = null) =>
        new Deliverer(new Channel("ops", new ChannelRules()), notifier, Words, TimeSpan.FromDays(3), Outbox, folder.Time, log).DeliverDueAsync(ct ?? Ct);

    /// <summary>Turns the clock on until it has ended.</summary>
    private async Task TurnAsync(Task task)
    {
        await UntilAsync(() =>
        {
            folder.Time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(task.IsCompleted);
        });
        await task;
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        var ends = Environment.TickCount64 + 30_000;
        while (!await isTrue())
        {
            Assert.True(Environment.TickCount64 < ends, "it never came true");
            await Task.Delay(1, Ct);
        }
    }

    /// <summary>Answers in turn, then accepts.</summary>
    private sealed class Scripted(params Delivery[] answers) : INotifier
    {
        private readonly ConcurrentQueue<Delivery> answers = new(answers);
        private readonly TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string> Got { get; } = new();

        public List<string?> References { get; } = [];

        public string? Reference { get; init; }

        public Action OnSend { get; init; } = () => { };

        /// <summary>Ends with the first message.</summary>
        public Task Sent => sent.Task;

        public Task<Delivery> SendAsync(Message message, string? reference, CancellationToken ct)
        {
            Got.Enqueue(message.Id);
            References.Add(reference);
            sent.TrySetResult();
            OnSend();
            ct.ThrowIfCancellationRequested();
            return Task.FromResult(answers.TryDequeue(out var answer) ? answer : new Delivery.Accepted(Reference));
        }
    }
}
