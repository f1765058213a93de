using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Targets.Compose;

/// <summary>Whether a container that does not start has a bad image or bad surroundings; the engine's words are all there is.</summary>
internal static class StartFault
{
    /// <summary>Words of the runtime about the program that the image names. Source: runc, libcontainer/init_linux.go; containerd, oci/spec_opts.go.</summary>
    private static readonly string[] OfTheImage =
    [
        "executable file not found", "exec format error", "no such file or directory", "permission denied", "exec:", "is a directory",
        "unable to find user", "no matching entries in passwd file", "unable to find group", "no users found", "not a directory",
    ];

    /// <summary>These name a port, a device or a mount of the machine, whatever else they say.</summary>
    private static readonly string[] OfTheMachine =
    [
        "port is already allocated", "address already in use", "failed to bind", "no space left", "error gathering device information",
        "bind source path does not exist", "failed to create endpoint", "failed to set up container networking", "cannot join network", "No such container",
        "error mounting", "creating mount source path", "error while mounting volume", "cannot allocate memory", "could not select device driver",
    ];

    /// <summary>
    /// An engine up to 26.1 with live-restore that is killed while it starts a container holds that container's port until it
    /// is restarted, the container removed or not: seen on 20.10 and 26.1, and no more on 28.5. Nothing but that restart helps.
    /// </summary>
    public static string WithRemedy(string message) =>
        message.Contains("port is already allocated", StringComparison.OrdinalIgnoreCase)
            ? $"{message}; if no other container has that port, Docker holds it since it was killed, and a restart of Docker frees it"
            : message;

    public static StepOutcome.Failed Of(string message)
    {
        bool Says(string[] words) => words.Any(word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
        return new StepOutcome.Failed(ReasonCode.StartFailed, message, ImageFault: Says(OfTheImage) && !Says(OfTheMachine));
    }
}
