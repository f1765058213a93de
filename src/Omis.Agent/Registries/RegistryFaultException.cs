namespace Omis.Agent.Registries;

/// <summary>An answer that we refuse to go on with. The message is for people and holds nothing that a server wrote but host names.</summary>
internal sealed class RegistryFaultException(string detail) : Exception(detail);
