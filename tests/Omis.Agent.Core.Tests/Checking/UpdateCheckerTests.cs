using System.Collections.Immutable;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Observing;
using static Omis.Agent.Core.Tests.Planning.PlanningScene;

namespace Omis.Agent.Core.Tests.Checking;

public sealed class UpdateCheckerTests
{
    private static readonly ImageReference Web = ImageReference.Parse("registry.test/web:latest");

    [Fact]
    public async Task One_reference_is_asked_for_once_whoever_runs_it() =>
        Assert.Equal(["latest registry.test/web:latest"], await AskedAsync(latest: '1', [[Replica("a", 1, '1')], [Replica("b", 1, '1'), Replica("b", 2, '1')]]));

    [Fact]
    public async Task An_index_is_looked_into_where_something_else_runs() =>
        Assert.Equal(["latest registry.test/web:latest", "inside registry.test/web:latest"], await AskedAsync(latest: '2', [[Replica("a", 1, '1')], [Replica("b", 1, '2')]]));

    [Fact]
    public async Task What_runs_without_any_digest_is_looked_for_in_no_index() =>
        Assert.Equal(["latest registry.test/web:latest"], await AskedAsync(latest: '2', [[Replica("a", 1, '1') with { Digests = [] }]]));

    [Fact]
    public async Task An_index_that_cannot_be_read_is_an_update_all_the_same_for_the_pull_to_judge()
    {
        var found = new RegistryAnswer.Found(Digest('2'));
        var registry = new Transcript(found) { Inside = new RegistryAnswer.Failed(ReasonCode.ImageNotFound, "it is gone") };

        var answers = await new UpdateChecker(registry).CheckAsync([new ImageQuestion(Web, [Replica("a", 1, '1')])], TestContext.Current.CancellationToken);

        Assert.Equal(found, answers[Web]);
    }

    private static async Task<IReadOnlyList<string>> AskedAsync(char latest, ImmutableArray<Replica>[] runs)
    {
        var registry = new Transcript(new RegistryAnswer.Found(Digest(latest)));
        await new UpdateChecker(registry).CheckAsync(runs.Select(live => new ImageQuestion(Web, live)), TestContext.Current.CancellationToken);
        return registry.Asked;
    }

    private sealed class Transcript(RegistryAnswer answer) : IImageRegistry
    {
        public List<string> Asked { get; } = [];

        public RegistryAnswer? Inside { get; init; }

        public Task<RegistryAnswer> LatestAsync(ImageReference reference, CancellationToken ct)
        {
            Asked.Add($"latest {reference}");
            return Task.FromResult(answer);
        }

        public Task<RegistryAnswer> LookInsideAsync(ImageReference reference, RegistryAnswer.Found found, CancellationToken ct)
        {
            Asked.Add($"inside {reference}");
            return Task.FromResult(Inside ?? answer);
        }
    }
}
