using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;

namespace Omis.Agent.Core.Planning;

/// <summary>What one workload's own image calls for, before its neighbours are looked at.</summary>
internal abstract record Verdict(Workload Workload)
{
    public sealed record Leave(Workload Workload, Skip Skip) : Verdict(Workload);

    /// <summary>The registry has this digest, and what was released with it waits as well.</summary>
    public sealed record Held(Workload Workload, Digest To, ReasonCode Reason, string Detail) : Verdict(Workload);

    public sealed record Change(Workload Workload, Digest? From, Digest To, ImmutableArray<Replica> Stale, string Cause) : Verdict(Workload);

    public static Verdict Of(Workload workload, PlanInput input, bool oneShot)
    {
        var live = Eligibility.Live(workload, oneShot);
        if (input.Back.TryGetValue(workload.Id, out var back))
        {
            return OfBack(workload, back, live, Eligibility.Judge(workload, UpdatePolicy.Default, oneShot));
        }

        // A pin is a person's word about this service, later than what the config says of its updates.
        var pin = input.Pins.GetValueOrDefault(workload.Id);
        var policy = pin is null ? input.PolicyOf(workload.Id) : UpdatePolicy.Default;
        if (Eligibility.Judge(workload, policy, oneShot) is { } skip)
        {
            return new Leave(workload, skip);
        }

        if (pin is not null)
        {
            return OfPinned(workload, pin, input.Quarantined, live);
        }

        if (IsUnknownToItsRegistry(workload, input))
        {
            return new Leave(workload, new Skip(workload.Id, ReasonCode.LocalImage, $"{workload.Image} was built here; its registry does not know it"));
        }

        switch (Latest(workload, input))
        {
            case RegistryAnswer.Failed failed:
                return new Leave(workload, new Skip(workload.Id, failed.Code, failed.Detail));
            case RegistryAnswer.Found found:
                return Of(workload, found, policy.Mode, input.Quarantined, live, "new digest");
            default:
                return new Leave(workload, new Skip(workload.Id, ReasonCode.RegistryUnavailable, $"{workload.Image} was not asked for"));
        }
    }

    /// <summary>A name without a registry's host is what people give to what they build for this machine: there no answer will do too.</summary>
    private static bool IsUnknownToItsRegistry(Workload workload, PlanInput input) =>
        workload is { BuiltHere: true, RunningReference: { } running }
        && input.Answers.GetValueOrDefault(running) is RegistryAnswer.Failed failed
        && (failed.Code is ReasonCode.ImageNotFound or ReasonCode.RegistryUnauthorized || running.Registry == "docker.io");

    private static Verdict Of(Workload workload, RegistryAnswer.Found found, UpdateMode mode, ImmutableHashSet<Digest> quarantined, ImmutableArray<Replica> live, string cause)
    {
        var latest = found.Digest;
        ImmutableArray<Replica> stale = [.. live.Where(replica => !replica.Digests.Any(found.Covers))];
        Skip Because(ReasonCode code, string detail) => new(workload.Id, code, detail);

        return stale.IsEmpty ? new Leave(workload, Because(ReasonCode.UpToDate, latest.Brief))
            : quarantined.Contains(latest) ? new Held(workload, latest, ReasonCode.Quarantined, $"{latest.Brief} failed here before; it is tried again when the tag moves or quarantine is cleared")
            : mode == UpdateMode.Notify ? new Leave(workload, Because(ReasonCode.UpdateNotify, $"{latest.Brief} is available; update is notify"))
            : workload.Obstacle is { } obstacle ? new Held(workload, latest, ReasonCode.Lossy, obstacle)
            : new Change(workload, stale[0].Digests.Cast<Digest?>().FirstOrDefault(), latest, stale, cause);
    }

    /// <summary>What cannot go back holds the others: part of an older release is what nobody ran.</summary>
    private static Verdict OfBack(Workload workload, Digest to, ImmutableArray<Replica> live, Skip? obstacle) =>
        obstacle is null ? Of(workload, new RegistryAnswer.Found(to), UpdateMode.Auto, [], live, "rollback")
        : new Held(workload, to, obstacle.Reason, obstacle.Reason == ReasonCode.Stopped ? "it does not run, and what is stopped is left stopped: start it, or name the services that are to go back" : obstacle.Detail);

    /// <summary>Nothing was released together with what a person pinned: its siblings never wait for it.</summary>
    private static Verdict OfPinned(Workload workload, Pin pin, ImmutableHashSet<Digest> quarantined, ImmutableArray<Replica> live)
    {
        var isThere = live.All(replica => replica.Digests.Contains(pin.Digest));
        return isThere || pin.Reached
                ? new Leave(workload, new Skip(workload.Id, ReasonCode.Pinned, $"{pin.Text}{(isThere ? "" : "; what runs was put there by someone else")}; 'omis-agent unpin {workload.Id.Project} {workload.Id.Service}' lets it go on"))
            : quarantined.Contains(pin.Digest)
                ? new Leave(workload, new Skip(workload.Id, ReasonCode.Quarantined, $"{pin.Text}, which failed here before; 'omis-agent quarantine clear {pin.Digest.Brief}' has it tried again"))
            : Of(workload, new RegistryAnswer.Found(pin.Digest), UpdateMode.Auto, [], live, "pinned there");
    }

    private static RegistryAnswer? Latest(Workload workload, PlanInput input) =>
        workload.Labels.NoPull
            ? workload.Tagged is { Digests: [var tagged, ..] }
                ? new RegistryAnswer.Found(tagged)
                : new RegistryAnswer.Failed(ReasonCode.LocalImage, $"no-pull is set and {workload.Image} has no digest here")
            : input.Answers.GetValueOrDefault(ImageReference.Parse(workload.Image));
}
