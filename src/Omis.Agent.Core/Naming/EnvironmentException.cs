namespace Omis.Agent.Core.Naming;

/// <summary>The engine, the disk or the network failed before anything was decided: nothing was touched, try again later.</summary>
public class EnvironmentException(ReasonCode code, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public ReasonCode Code { get; } = code;
}
