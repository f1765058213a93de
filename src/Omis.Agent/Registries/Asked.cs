using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Registries;

/// <summary>One reference, the registry it is asked of, and in whose name.</summary>
/// <param name="Began">When, as a timestamp of the agent's clock.</param>
internal sealed record Asked(RegistryHost Host, ImageReference Reference, RegistryCredential? Credential, long Began)
{
    public string Scope => $"repository:{Reference.Repository}:pull";

    public string Holder => Credential?.Holder ?? "anonymous";
}
