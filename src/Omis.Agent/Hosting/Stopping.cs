using System.Runtime.InteropServices;

namespace Omis.Agent.Hosting;

/// <summary>
/// SIGINT and SIGTERM end the process in its own time: what is half done is finished or taken back first.
/// A second signal changes nothing. SIGHUP does what <see cref="OnHangUp"/> says, or ends the process likewise:
/// closing a terminal must not leave a service half swapped.
/// </summary>
internal sealed class Stopping : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    public CancellationToken Token => source.Token;

    public Action? OnHangUp { get; set; }

    public void Listen()
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp));
    }

    public void Stop() => source.Cancel();

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void HangUp(PosixSignalContext context)
    {
        if (OnHangUp is null)
        {
            Stop(context);
            return;
        }

        context.Cancel = true;
        OnHangUp();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop();
    }
}
