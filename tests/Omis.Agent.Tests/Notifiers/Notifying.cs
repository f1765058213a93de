using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;
using Omis.Agent.Hosting;
using Omis.Agent.Notifiers;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>Messages and notifiers for tests.</summary>
internal static class Notifying
{
    public const string Planted = "planted-secret-0123456789abcdef0";

    public static readonly Wording Words = new("vm1", MessageTemplate.Default, []);

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Message Message(Outcome outcome = Outcome.Committed, string rollout = "01JROLLOUT") => Words.Of(Notice(outcome, rollout));

    public static Notice Notice(Outcome outcome = Outcome.Committed, string rollout = "01JROLLOUT")
    {
        var record = Some.Record(rollout, outcome);
        var step = record.Steps[0] with
        {
            FromOrigin = new ImageOrigin("1.2.0", "1111aaaa", "https://github.com/acme/shop"),
            ToOrigin = new ImageOrigin("1.3.0", "2222bbbb", "https://github.com/acme/shop"),
            LogTail = outcome is Outcome.Reverted or Outcome.Stuck ? ["starting <web> & co", "cannot open `db`"] : null,
        };
        return new Notice.Ended(record with { Steps = [step] }, rollout);
    }

    public static Message Begun(string rollout = "01JROLLOUT") => Words.Of(new Notice.Begun(StartedRollout.Of(Some.Header(rollout))));

    /// <summary>As large as a message can become, with every character that a markup might take for its own.</summary>
    public static Message Huge()
    {
        var record = Some.Record(outcome: Outcome.Reverted) with { Reason = new Reason(ReasonCode.Exited, string.Concat(Enumerable.Repeat("<&>*_`[]\U0001F433\\ ", 600))) };
        var steps = Enumerable.Range(0, 60).Select(i => record.Steps[0] with { Service = $"service_{i}", LogTail = [.. Enumerable.Range(0, 20).Select(line => new string('<', 1000))] });
        return Words.Of(new Notice.Ended(record with { Steps = [.. steps] }, record.Id));
    }

    public static async Task<Delivery> SendAsync(ChannelSettings channel, Message message, string? reference = null)
    {
        using var desk = new Desk(channel);
        return await desk.Notifier.SendAsync(message, reference, Ct);
    }

    /// <summary>A notifier that is sent several messages, as the service keeps it.</summary>
    public sealed class Desk : IDisposable
    {
        private readonly Poster poster;

        public Desk(ChannelSettings channel, SignIn? signIn = null)
        {
            poster = new Poster(Time);
            Notifier = Composition.Notifiers.Make(channel, new NotifierTools(poster, "vm1", Time) { SignIn = signIn });
        }

        public FakeTimeProvider Time { get; } = new(Some.Moment);

        public INotifier Notifier { get; }

        public Task<Delivery> SendAsync(Message message) => Notifier.SendAsync(message, null, Ct);

        public void Dispose() => poster.Dispose();
    }

    /// <summary>Services by the commits that their images were built from.</summary>
    public static Message Of(Outcome? outcome, string rollout, params (string Service, string Source, string? Revision)[] services)
    {
        var steps = services.Select(one => new StepRecord
        {
            Service = one.Service,
            Action = Core.Planning.StepAction.Recreate,
            From = Some.Digest(1),
            To = Some.Digest(2),
            Outcome = outcome ?? Outcome.Untouched,
            ToOrigin = new ImageOrigin("1.3.0", one.Revision, one.Source),
            LogTail = outcome is Outcome.Reverted ? [$"the key is {Planted}", "@everyone ```` look"] : null,
        });
        var record = Some.Record(rollout, outcome ?? Outcome.Committed) with { Steps = [.. steps] };
        var begun = StartedRollout.Of(Some.Header(rollout)) with { Steps = record.Steps };
        return new Wording("vm1", MessageTemplate.Default, [Planted]).Of(outcome is null ? new Notice.Begun(begun) : new Notice.Ended(record, rollout));
    }

    public static string Problem(Delivery delivery) => delivery switch
    {
        Delivery.Away away => away.Problem,
        Delivery.Rejected rejected => rejected.Problem,
        _ => throw new InvalidOperationException("it was accepted"),
    };

    public static ImmutableArray<T> All<T>(params ImmutableArray<T> items) => items;
}
