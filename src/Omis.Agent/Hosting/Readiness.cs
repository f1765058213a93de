namespace Omis.Agent.Hosting;

/// <summary>Whether the service does what it is there for, as <c>/readyz</c> tells it.</summary>
internal sealed class Readiness
{
    private volatile string? problem = "the first check is not done yet";

    /// <summary>One line; null where all is well.</summary>
    public string? Problem => problem;

    /// <summary>Another process that has the engine is none of the service's business.</summary>
    public void After(PassageEnd end) => problem = end switch
    {
        PassageEnd.Looked => null,
        PassageEnd.Away => "the last check could not look at the engine; it is tried again soon",
        _ => problem,
    };
}
