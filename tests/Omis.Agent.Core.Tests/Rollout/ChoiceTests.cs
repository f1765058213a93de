using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Core.Tests.Planning;

namespace Omis.Agent.Core.Tests.Rollout;

public sealed class ChoiceTests
{
    private readonly ImmutableArray<Workload> workloads = new PlanningScene().Runs("api").Runs("db").Runs("web").Input().Workloads;

    [Fact]
    public void A_push_means_the_workloads_of_its_images() =>
        Assert.Equal("web", Chosen(_ => false, "registry.test/web:latest", "registry.test/other:latest"));

    [Fact]
    public void Who_may_hold_back_a_workload_of_the_same_transaction_comes_along() =>
        Assert.Equal("db web", Chosen(workload => workload.Id.Service == "db", "registry.test/web:latest"));

    [Fact]
    public void Where_nothing_is_meant_nobody_comes_along() =>
        Assert.Equal("", Chosen(_ => true, "registry.test/other:latest"));

    private string Chosen(Func<Workload, bool> holds, params string[] images) =>
        string.Join(' ', Choice.Of([workloads], [.. images.Select(image => ImageHint.TryParse(image)!)], holds).Select(id => id.Service).Order(StringComparer.Ordinal));
}
