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
        await memory.Ledger.Pins.PinAsync(pin, PinRecords.Of(pin, EntryKind.Pin, new RolloutIds(call.Around.Time), pin.Actor, pin.Reason, pin.Since), ct);
        call.Answer.Give(new PinnedDocument(PinItem.Of(pin)), Documents.Default.PinnedDocument, () => PinView.Pinned(pin));
        return ExitCodes.Done;
    }

    private async Task<Pin> PinAsync(Invocation call, Composition parts, CancellationToken ct)
    {
        var (name, part) = (call.Parsed.GetValue(project)!, call.Parsed.GetValue(service)!);
        var request = new CycleRequest { Depth = CycleDepth.Plan, Project = name, Services = [part], Back = new BackRequest(call.Parsed.GetValue(digest)) };
        var workloads = await parts.Source.ObserveAsync(ct);
        var workload = Choice.Of(workloads, request)!.Select(id => workloads.First(one => one.Id == id)).Single();
        var running = workload.Replicas.Where(replica => replica.Runs).SelectMany(replica => replica.Digests).ToArray();
        var (actor, reason) = who.Of(call);
        var at = call.Parsed.GetValue(digest) is { } text ? await MeantAsync(parts, text, running, workloads, request, ct)
            : running.Length > 0 ? running[0]
            : throw new UsageException($"{workload.Id} runs nothing that came from a registry, so there is no digest to hold it at");
        var isThere = workload.Replicas.Where(replica => replica.Runs).All(replica => replica.Digests.Contains(at)) && running.Length > 0;
        return new Pin(workload.Id, at, actor, reason, call.Around.Time.GetUtcNow()) { Reached = isThere };
    }

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
        var ended = await memory.Ledger.Pins.UnpinAsync(call.Parsed.GetValue(project)!, call.Parsed.GetValue(service), pin => PinRecords.Of(pin, EntryKind.Unpin, ids, actor, reason, now), ct);
        call.Answer.Give(new UnpinnedDocument([.. ended.Select(PinItem.Of)]), Documents.Default.UnpinnedDocument, () => PinView.Unpinned(ended));
        return ExitCodes.Done;
    }
}

/// <summary>A pin and its end as lines of history: no container was touched.</summary>
internal static class PinRecords
{
    public static RolloutRecord Of(Pin pin, EntryKind kind, RolloutIds ids, string? actor, string? reason, DateTimeOffset now) => new()
    {
        Id = ids.Next(),
        Project = pin.Workload.Project,
        Kind = kind,
        Trigger = Trigger.Manual,
        Actor = actor,
        Comment = reason,
        Outcome = Outcome.Committed,
        StartedAt = now,
        EndedAt = now,
        Steps = [new StepRecord { Service = pin.Workload.Service, Action = StepAction.Recreate, From = pin.Digest, To = pin.Digest, Outcome = Outcome.Untouched }],
    };
}
