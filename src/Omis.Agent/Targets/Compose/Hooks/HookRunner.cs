using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;
using Omis.Agent.Engine;

namespace Omis.Agent.Targets.Compose.Hooks;

/// <summary>Runs a service's hooks as <c>docker compose up</c> would: <c>pre_stop</c> before a container is stopped, <c>post_start</c> after it has started.</summary>
internal sealed partial class HookRunner(EngineClient engine, ILogger<HookRunner> logger)
{
    /// <summary>Compose sets no limit; a hook that hangs must not hold a rollout for ever.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, bool> unreadable = new(StringComparer.Ordinal);

    public ServiceHooks Of(ContainerView container)
    {
        if (!container.Labels.TryGetValue(ComposeLabels.Service, out var service) || !container.Labels.TryGetValue(ComposeLabels.ConfigFiles, out var files))
        {
            return ServiceHooks.None;
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            Gather(file, container.Name, texts);
        }

        return HookReader.Read([.. texts.Values], service);
    }

    private void Gather(string file, string container, Dictionary<string, string> texts)
    {
        if (texts.TryAdd(file, ""))
        {
            texts[file] = Text(file, container);
            foreach (var other in ReferredFiles.Of(texts[file], Path.GetDirectoryName(file) ?? ""))
            {
                Gather(other, container, texts);
            }
        }
    }

    /// <returns>What went wrong, or null.</returns>
    public Task<StepOutcome.Failed?> BeforeStopAsync(ContainerView container, CancellationToken ct) =>
        RunAsync("pre_stop", container, container.Id, Of(container).PreStop, imageFault: false, ct);

    /// <param name="container">Whose hooks they are.</param>
    /// <param name="started">In which they run: itself, or its successor.</param>
    /// <returns>What went wrong, or null.</returns>
    public Task<StepOutcome.Failed?> AfterStartAsync(ContainerView container, string started, CancellationToken ct) =>
        RunAsync("post_start", container, started, Of(container).PostStart, imageFault: true, ct);

    private async Task<StepOutcome.Failed?> RunAsync(string kind, ContainerView container, string id, ImmutableArray<Hook> hooks, bool imageFault, CancellationToken ct)
    {
        foreach (var hook in hooks)
        {
            var code = await engine.ExecAsync(id, hook.Exec(), Limit, ct).ConfigureAwait(false);
            if (code != 0)
            {
                return new StepOutcome.Failed(ReasonCode.StartFailed, $"{container.Name}: {kind} hook {hook.Command[0]}: exit code {code}", imageFault);
            }
        }

        return null;
    }

    private string Text(string file, string container)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (unreadable.TryAdd(file, true))
            {
                Unreadable(logger, file, container, fault.Message);
            }

            return "";
        }
    }

    [LoggerMessage(6021, LogLevel.Warning, "The compose file {File} of {Container} cannot be read; post_start and pre_stop hooks that it may have are not run: {Problem}")]
    private static partial void Unreadable(ILogger logger, string file, string container, string problem);
}
