using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Gating;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Core.Rollout;

/// <summary>One pass: recover, observe, check, plan, gate, roll out, record. The map of the whole agent.</summary>
public sealed class RolloutCycle(IWorkloadSource source, UpdateChecker checker, RolloutDispatch dispatch, Recovery recovery, WaysBack waysBack, Ledger ledger, AgentSettings settings, RolloutIds ids, TimeProvider time)
{
    public async Task<CycleReport> RunAsync(CycleRequest request, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var report = new CycleReport { Cycle = ids.Next(), StartedAt = time.GetUtcNow() };
        try
        {
            if (request.Depth == CycleDepth.Rollout)
            {
                // Kept whatever comes after: how a recovery ended must not be lost to a fault behind it.
                report = report with { Rollouts = await recovery.RunAsync(progress, ct).ConfigureAwait(false) };
            }

            report = await PassAsync(report, request, progress, ct).ConfigureAwait(false);
        }
        catch (EnvironmentException fault)
        {
            report = report with { Error = new Reason(fault.Code, fault.Message) };
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && report.Rollouts is { IsEmpty: false })
        {
            // What the recovery did is told by who is told to stop, too.
        }

        return report with { DurationMs = (long)time.GetElapsedTime(started).TotalMilliseconds };
    }

    private async Task<CycleReport> PassAsync(CycleReport report, CycleRequest request, IProgress<RolloutEvent> progress, CancellationToken ct)
    {
        var recovered = report.Rollouts ?? [];
        var workloads = await source.ObserveAsync(ct).ConfigureAwait(false);
        var input = await AskAsync(workloads, request, ct).ConfigureAwait(false);
        var wanted = Planner.Plan(input);
        report = report with { Seen = request.Back is null ? SeenWorkloads.Of(input, wanted) : null };
        if (request.Depth == CycleDepth.Check)
        {
            return report with { Plan = null, AnyHeld = false, Error = SeenWorkloads.FirstFault(wanted) };
        }

        var pauses = await ledger.Pauses.ListAsync(ct).ConfigureAwait(false);
        var stuck = new StuckGate([.. recovered.Where(record => record.Outcome == Outcome.Stuck)]);
        var gates = new Gatekeeper([new PauseGate(() => pauses), stuck]);
        var (open, anyHeld) = gates.Judge(stuck.Explain(wanted), time.GetUtcNow());
        report = report with { Plan = PlanReport.Of(open), AnyHeld = anyHeld || (request.Back is not null && !Standing.AllThere(open)) };
        if (request.Depth == CycleDepth.Plan)
        {
            return report;
        }

        if (Standing.Reached(input) is { IsEmpty: false } reached)
        {
            await ledger.Pins.ReachAsync(reached, ct).ConfigureAwait(false);
        }

        if (input.Chosen is null)
        {
            await ledger.History.NoteRegistriesAsync(RegistryFaults.Of(input.Answers), time.GetUtcNow(), ct).ConfigureAwait(false);
        }

        await dispatch.RecordRefusalsAsync(open.Skipped, workloads, input.Chosen, request, ct).ConfigureAwait(false);
        var outcomes = await dispatch.RunAsync(open, Standing.Of(input, open), workloads, request, progress, ct).ConfigureAwait(false);
        return report with { Rollouts = [.. recovered, .. outcomes] };
    }

    private async Task<PlanInput> AskAsync(ImmutableArray<Workload> workloads, CycleRequest request, CancellationToken ct)
    {
        if (request.Back is not null)
        {
            var ways = await waysBack.FindAsync(workloads, request, ct).ConfigureAwait(false);
            return new PlanInput
            {
                Workloads = workloads,
                Policies = workloads.ToImmutableDictionary(workload => workload.Id, settings.PolicyFor),
                Answers = ImmutableDictionary<ImageReference, RegistryAnswer>.Empty,
                Back = ways,
                Chosen = [.. ways.Keys],
            };
        }

        var oneShots = Eligibility.OneShots(workloads);
        var policies = workloads.ToImmutableDictionary(workload => workload.Id, settings.PolicyFor);
        var quarantined = await ledger.Quarantine.ListAsync(ct).ConfigureAwait(false);
        var chosen = request.Images is { } images
            ? Choice.Of(Transactions.Of(workloads, policies), images, workload => workload.Obstacle is not null || quarantined.Any(entry => entry.Workload == workload.Id))
            : Choice.Of(workloads, request);
        var asked = workloads.Where(workload => (chosen is null || chosen.Contains(workload.Id)) && !workload.Labels.NoPull
            && Eligibility.Judge(workload, policies[workload.Id], oneShots.Contains(workload.Id)) is null);
        return new PlanInput
        {
            Workloads = workloads,
            Policies = policies,
            Answers = await checker.CheckAsync(asked.SelectMany(workload => QuestionsOf(workload, oneShots.Contains(workload.Id))), ct).ConfigureAwait(false),
            Quarantined = [.. quarantined.Select(entry => entry.Digest)],
            Chosen = chosen,
            Pins = (await ledger.Pins.ListAsync(ct).ConfigureAwait(false)).ToImmutableDictionary(pin => pin.Workload),
        };
    }

    private static IEnumerable<ImageQuestion> QuestionsOf(Workload workload, bool oneShot)
    {
        var latest = new ImageQuestion(ImageReference.Parse(workload.Image), Eligibility.Live(workload, oneShot));
        return workload is { BuiltHere: true, RunningReference: { } running } ? [latest, new ImageQuestion(running, [])] : [latest];
    }
}
