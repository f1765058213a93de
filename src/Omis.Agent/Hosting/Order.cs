using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Hosting;

/// <summary>A pass that somebody asks of the running service, and waits for.</summary>
/// <param name="watcher">Sees what happens in that pass.</param>
/// <param name="gone">Cancelled when nobody waits any more; a pass that has begun goes on all the same.</param>
internal sealed class Order(CycleRequest request, IProgress<RolloutEvent> watcher, CancellationToken gone)
{
    private readonly TaskCompletionSource<CycleReport> end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CycleRequest Request => request;

    public IProgress<RolloutEvent> Watcher => watcher;

    public bool IsWanted => !gone.IsCancellationRequested;

    /// <exception cref="BusyException">A rollout was there first.</exception>
    /// <exception cref="StoppingException">The service ends.</exception>
    /// <exception cref="UnknownWorkloadException">It names what is not there.</exception>
    public Task<CycleReport> Report => end.Task;

    public void Answer(CycleReport report) => end.TrySetResult(report);

    public void Fail(Exception fault) => end.TrySetException(fault);
}
