using System.Collections.Concurrent;
using System.Diagnostics;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Planning;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Telemetry;
using Omis.Agent.Testing;

namespace Omis.Agent.Tests.Telemetry;

public sealed class RolloutTraceTests : IDisposable
{
    private static readonly WorkloadId Web = new("shop", "web");

    private readonly ActivitySource source = new("test-" + Guid.NewGuid());
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;
    private readonly RolloutTrace trace;

    public RolloutTraceTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name == source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        trace = new RolloutTrace(source);
    }

    public void Dispose()
    {
        listener.Dispose();
        source.Dispose();
    }

    [Fact]
    public void A_committed_rollout_is_one_trace_of_nested_spans()
    {
        Play(Outcome.Committed, RolloutPhase.Staging, RolloutPhase.Staged, RolloutPhase.Swapping, RolloutPhase.Probing, RolloutPhase.Healthy, RolloutPhase.Soaking, RolloutPhase.Committed);

        Assert.Equal(["pull<rollout", "stage<rollout", "probe<step", "step<rollout", "soak<rollout", "finish<rollout", "rollout<"], ended.Select(Nested));
        Assert.Single(ended.Select(activity => activity.TraceId).Distinct());
        Assert.Equal(ActivityStatusCode.Ok, ended.Last().Status);
        Assert.Equal("shop", ended.Last().GetTagItem("omis.project"));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task Each_question_to_a_registry_is_a_span_and_so_is_a_look_inside_an_index()
    {
        var (image, ct) = (ImageReference.Parse("127.0.0.1:5000/web:latest"), TestContext.Current.CancellationToken);
        using var traced = new TracedRegistry(new FakeRegistry().Fails("web", ReasonCode.RateLimited), source);

        await traced.LatestAsync(image, ct);
        await traced.LookInsideAsync(image, new RegistryAnswer.Found(Some.Digest(1)), ct);

        Assert.Equal([("check", ActivityStatusCode.Error), ("look inside", ActivityStatusCode.Unset)], ended.Select(activity => (activity.OperationName, activity.Status)));
        Assert.All(ended, activity => Assert.Equal("127.0.0.1:5000/web:latest", activity.GetTagItem("omis.image")));
    }

    [Fact]
    public void A_revert_marks_the_probe_that_failed()
    {
        Play(Outcome.Reverted, RolloutPhase.Staging, RolloutPhase.Staged, RolloutPhase.Swapping, RolloutPhase.Probing, RolloutPhase.Failing, RolloutPhase.Restored);

        Assert.Equal(["pull<rollout", "stage<rollout", "probe<step", "step<rollout", "revert<rollout", "rollout<"], ended.Select(Nested));
        Assert.All(ended.Where(activity => activity.OperationName is "probe" or "step" or "rollout"), activity => Assert.Equal(ActivityStatusCode.Error, activity.Status));
    }

    [Fact]
    public void A_rollout_whose_end_was_never_heard_leaves_nothing_open()
    {
        trace.Report(new RolloutEvent.Began(Header()));
        trace.Report(new RolloutEvent.Moved(Web, RolloutPhase.Swapping));
        Play(Outcome.Committed, RolloutPhase.Staging);

        Assert.Equal(2, ended.Count(activity => activity.OperationName == "rollout"));
        Assert.Equal(2, ended.Select(activity => activity.TraceId).Distinct().Count());
    }

    private void Play(Outcome outcome, params RolloutPhase[] phases)
    {
        trace.Report(new RolloutEvent.Began(Header()));
        foreach (var phase in phases)
        {
            trace.Report(new RolloutEvent.Moved(Web, phase, "why"));
        }

        trace.Report(new RolloutEvent.Ended(new RolloutRecord { Id = "1", Project = "shop", Trigger = Trigger.Poll, Outcome = outcome, StartedAt = default, EndedAt = default, Steps = [] }));
    }

    private string Nested(Activity activity) =>
        $"{activity.OperationName}<{ended.FirstOrDefault(other => other.SpanId == activity.ParentSpanId)?.OperationName}";

    private static RolloutHeader Header() => new()
    {
        Id = "1",
        Project = "shop",
        Trigger = Trigger.Poll,
        StartedAt = default,
        Steps = [new Step { Workload = Web, Action = StepAction.Recreate, Image = "web:1", Replicas = [], Cause = "new digest" }],
    };
}
