using Omis.Agent.Core.Naming;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Registries;

/// <summary>One reference, the registry it is asked of, and in whose name.</summary>
internal sealed record Asked(RegistryHost Host, ImageReference Reference, RegistryCredential? Credential)
{
    public string Scope => $"repository:{Reference.Repository}:pull";

    public string Holder => Credential?.Holder ?? "anonymous";
}
