using System.CommandLine;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

internal sealed class PinVerb : Verb
{
    private readonly Argument<string> project = new("PROJECT") { Description = "The project" };
    private readonly Argument<string> service = new("SERVICE") { Description = "One of its services" };
    private readonly Argument<string?> digest = new("DIGEST") { Description = "Where it is to stay (default: what runs now)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Who who = new();

    public PinVerb(Surroundings around)
        : base("pin", "Hold a service at a digest until 'unpin'", around)
    {
        Add(project);
        Add(service);
        Add(digest);
        who.AddTo(this);
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var settings = call.Settings();
        using var memory = call.OpenMemory(settings);
        using var parts = call.Compose(settings, memory);
        var pin = await PinAsync(call, parts, ct);
        if ((await memory.Ledger.Journal.OpenAsync(ct)).Any(open => JournalReplay.Fold(open.Entries)?.Header.Project == pin.Workload.Project))
        {
            // What runs in the middle of a rollout may be taken back.
            throw new BusyException($"a rollout of {pin.Workload.Project} has not ended; 'omis-agent status' tells more, and a pin can be set when it has");
        }

        await memory.Ledger.Pins.PinAsync(pin, PinRecord.Of(pin, EntryKind.Pin, new RolloutIds(call.Around.Time).Next(), pin.Actor, pin.Reason, pin.Since), ct);
        call.Answer.Give(new PinnedDocument(PinItem.Of(pin)), Documents.Default.PinnedDocument, () => PinView.Pinned(pin));
        return ExitCodes.Done;
    }

    private async Task<Pin> PinAsync(Invocation call, Composition parts, CancellationToken ct)
    {
        var (name, part) = (call.Parsed.GetValue(project)!, call.Parsed.GetValue(service)!);
        var request = new CycleRequest { Depth = CycleDepth.Plan, Project = name, Services = [part], Back = new BackRequest(call.Parsed.GetValue(digest)) };
        var workloads = await parts.Source.ObserveAsync(ct);
        var workload = Choice.Of(workloads, request)!.Select(id => workloads.First(one => one.Id == id)).Single();
        Replica[] replicas = [.. workload.Replicas.Where(replica => replica.Runs)];
        var running = Common(replicas);
        var (actor, reason) = who.Of(call);
        var at = call.Parsed.GetValue(digest) is { } text ? await MeantAsync(parts, text, [.. replicas.SelectMany(replica => replica.Digests).Distinct()], workloads, request, ct)
            : running.Length > 0 ? running[0]
            : throw new UsageException($"{workload.Id} does not run one image of a registry in all its containers, so there is no digest to hold it at; name one");
        return new Pin(workload.Id, at, actor, reason, call.Around.Time.GetUtcNow()) { Reached = running.Contains(at) };
    }

    /// <summary>The digests of what every running container has: an image may be known by several.</summary>
    private static Digest[] Common(Replica[] running) =>
        running.Length == 0 ? [] : [.. running.Skip(1).Aggregate(running[0].Digests.AsEnumerable(), (common, replica) => common.Intersect(replica.Digests))];

    /// <summary>A whole digest is taken as it is; of the digests that ran here and run, the first digits are enough.</summary>
    private static async Task<Digest> MeantAsync(Composition parts, string text, Digest[] running, System.Collections.Immutable.ImmutableArray<Workload> workloads, CycleRequest request, CancellationToken ct) =>
        Digest.TryParse(text, out var whole) ? whole.Value
        : running.Where(digest => digest.Value.StartsWith(text, StringComparison.Ordinal) || digest.Value[(digest.Value.IndexOf(':', StringComparison.Ordinal) + 1)..].StartsWith(text, StringComparison.Ordinal)).ToArray() is [var one] ? one
        : (await parts.WaysBack.FindAsync(workloads, request, ct)).Values.First();
}

internal sealed class UnpinVerb : Verb
{
    private readonly Argument<string> project = new("PROJECT") { Description = "The project" };
    private readonly Argument<string?> service = new("SERVICE") { Description = "One of its services; all of them without it", Arity = ArgumentArity.ZeroOrOne };
    private readonly Who who = new();

    public UnpinVerb(Surroundings around)
        : base("unpin", "Let a service follow its tag again", around)
    {
        Add(project);
        Add(service);
        who.AddTo(this);
    }

    protected override async Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        using var memory = call.OpenMemory(call.Settings());
        var (actor, reason) = who.Of(call);
        var (ids, now) = (new RolloutIds(call.Around.Time), call.Around.Time.GetUtcNow());
        var ended = await memory.Ledger.Pins.UnpinAsync(call.Parsed.GetValue(project)!, call.Parsed.GetValue(service), pin => PinRecord.Of(pin, EntryKind.Unpin, ids.Next(), actor, reason, now), ct);
        call.Answer.Give(new UnpinnedDocument([.. ended.Select(PinItem.Of)]), Documents.Default.UnpinnedDocument, () => PinView.Unpinned(ended));
        return ExitCodes.Done;
    }
}
