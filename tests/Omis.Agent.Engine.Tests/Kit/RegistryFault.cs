using System.Globalization;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What goes wrong between an engine or the agent and the registry.</summary>
public abstract record RegistryFault
{
    /// <summary>No answer at all, until the client gives up.</summary>
    public static readonly RegistryFault Stall = new StallAfter(-1);

    private RegistryFault()
    {
    }

    public static RegistryFault Unauthorized { get; } = new Answer(401, ("WWW-Authenticate", "Basic realm=\"registry\""), "UNAUTHORIZED");

    public static RegistryFault Forbidden { get; } = new Answer(403, null, "DENIED");

    public static RegistryFault NotFound { get; } = new Answer(404, null, "MANIFEST_UNKNOWN");

    public static RegistryFault Broken { get; } = new Answer(500, null, "UNKNOWN");

    public static RegistryFault TooMany(int retryAfterSeconds) =>
        new Answer(429, ("Retry-After", retryAfterSeconds.ToString(CultureInfo.InvariantCulture)), "TOOMANYREQUESTS");

    /// <summary>The body breaks off after so many bytes.</summary>
    public static RegistryFault Truncate(long after) => new TruncateAfter(after);

    /// <summary>The body stops after so many bytes, and the connection stays open.</summary>
    public static RegistryFault StallInBody(long after) => new StallAfter(after);

    /// <summary>First this, then the real answer: to move a tag in the middle of a pull, say.</summary>
    public static RegistryFault First(Func<Task> action) => new Beforehand(action);

    internal sealed record Answer(int Status, (string Name, string Value)? Header, string Code) : RegistryFault;

    internal sealed record StallAfter(long Bytes) : RegistryFault;

    internal sealed record TruncateAfter(long Bytes) : RegistryFault;

    internal sealed record Beforehand(Func<Task> Action) : RegistryFault;
}
