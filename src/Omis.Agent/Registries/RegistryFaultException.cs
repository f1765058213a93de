namespace Omis.Agent.Registries;

/// <summary>An answer that we refuse to go on with, or a CA file that cannot be used. The message is for people and holds nothing that a server wrote but host names.</summary>
internal sealed class RegistryFaultException(string detail, Exception? inner = null) : Exception(detail, inner);
