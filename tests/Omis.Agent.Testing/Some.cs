using System.Collections.Immutable;
using System.Globalization;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Testing;

/// <summary>Values for tests that care about few of their parts.</summary>
public static class Some
{
    public static readonly DateTimeOffset Moment = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Digest Digest(int seed) => Core.Naming.Digest.Parse("sha256:" + seed.ToString("x64", CultureInfo.InvariantCulture));

    public static WorkloadId Workload(string service = "backend", string project = "shop") => new(project, service);

    public static Step Step(string service = "backend") => new()
    {
        Workload = Workload(service),
        Action = StepAction.Recreate,
        Image = $"127.0.0.1:5000/{service}:latest",
        From = Digest(1),
        To = Digest(2),
        Replicas = [new ReplicaRef("old-" + service, $"shop-{service}-1", 1, "sha256:image-1")],
        Cause = "new digest",
        After = [Workload("db")],
    };

    public static RolloutHeader Header(string id = "01JROLLOUT", params ImmutableArray<Step> steps) => new()
    {
        Id = id,
        Project = "shop",
        Trigger = Trigger.Poll,
        Actor = "ada",
        StartedAt = Moment,
        Steps = steps.IsDefaultOrEmpty ? [Step()] : steps,
    };

    public static Undo Undo(string key = "backend.1") => new()
    {
        Key = key,
        Rollout = "01JROLLOUT",
        Workload = Workload(key.Split('.')[0]),
        Action = StepAction.Recreate,
        Name = "shop-backend-1",
        ParkedName = "shop-backend-1.omis-parked",
        NewName = "shop-backend-1.omis-new",
        OldId = "old-" + key,
        OldImageId = "sha256:image-1",
        NewImageId = "sha256:image-2",
        To = Digest(2),
        PulledHere = true,
        RestartPolicy = new RestartPolicy("on-failure", 3),
        WasHealthy = true,
        Tag = "127.0.0.1:5000/backend:latest",
        TagImageId = "sha256:image-1",
        After = [Workload("db")],
        Labels = ImmutableSortedDictionary<string, string>.Empty.Add("omis.agent.update", "auto"),
    };

    public static RolloutRecord Record(string id = "01JROLLOUT", Outcome outcome = Outcome.Committed, string project = "shop") => new()
    {
        Id = id,
        Project = project,
        Trigger = Trigger.Poll,
        Outcome = outcome,
        Reason = outcome == Outcome.Committed ? null : new Reason(ReasonCode.ProbeFailed, "GET http://127.0.0.1:5000/api/health: 500"),
        StartedAt = Moment,
        EndedAt = Moment.AddSeconds(30),
        Steps = [new StepRecord { Service = "backend", Action = StepAction.Recreate, From = Digest(1), To = Digest(2), Outcome = outcome, DownMs = 640 }],
    };

    public static RolloutRecord Refused(Skip skip, string? id = null) => new()
    {
        Id = id ?? $"01J{skip.Workload.Service}{skip.Reason}",
        Project = skip.Workload.Project,
        Trigger = Trigger.Poll,
        Outcome = Outcome.Refused,
        Reason = new Reason(skip.Reason, skip.Detail),
        StartedAt = Moment,
        EndedAt = Moment,
        Steps = [new StepRecord { Service = skip.Workload.Service, Action = StepAction.Recreate, Image = $"127.0.0.1:5000/{skip.Workload.Service}:latest", Outcome = Outcome.Refused }],
    };

    public static QuarantinedDigest Quarantined(int seed = 2, string service = "backend", string rollout = "01JROLLOUT") =>
        new(Digest(seed), $"127.0.0.1:5000/{service}:latest", Workload(service), new Reason(ReasonCode.Exited, "exit code 1"), rollout, Moment);
}
