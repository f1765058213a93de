namespace Omis.Agent.Engine.Tests.Rollouts;

// Each kind of failure in a class of its own, so that they can run beside each other.

public sealed class NeverHealthyUpdateTests
{
    [Theory, EachLeg]
    public Task An_update_that_is_never_healthy_goes_back(string leg) =>
        BadUpdate.GoesBackAndTakesTheFixAsync(leg, TestImage.NeverHealthy("backend", "2"), ["unhealthy"]);
}

public sealed class FailingProbeUpdateTests
{
    [Theory, EachLeg]
    public Task An_update_whose_probe_fails_goes_back(string leg) =>
        BadUpdate.GoesBackAndTakesTheFixAsync(leg, TestImage.Failing("backend", "2"), ["probeFailed"],
            probes: """ "probes": [ { "http": "http://127.0.0.1:{port:8080}/health", "body": "^ok", "every": "200ms" } ] """);
}

public sealed class DyingUpdateTests
{
    [Theory, EachLeg]
    public Task An_update_that_exits_at_once_goes_back(string leg) =>
        BadUpdate.GoesBackAndTakesTheFixAsync(leg, TestImage.PrintsAndDies("backend", "2", ["no database", "giving up"], 7), ["exited", "restarting"],
            exitCode: 7, lastWords: ["no database", "giving up"]);
}

public sealed class UnstartableUpdateTests
{
    [Theory, EachLeg]
    public Task An_update_without_its_entrypoint_goes_back(string leg) =>
        BadUpdate.GoesBackAndTakesTheFixAsync(leg, TestImage.MissingEntrypoint("backend", "2"), ["startFailed"]);
}

public sealed class UncreatableUpdateTests
{
    [Theory, EachLeg]
    public Task An_update_without_a_command_goes_back(string leg) =>
        BadUpdate.GoesBackAndTakesTheFixAsync(leg, TestImage.NoCommand("backend", "2"), ["createFailed"]);
}
