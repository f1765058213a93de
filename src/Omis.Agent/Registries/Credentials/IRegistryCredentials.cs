namespace Omis.Agent.Registries.Credentials;

/// <summary>Knows the credential of a registry, if there is one. Asked before each question, so that a new login counts at once.</summary>
public interface IRegistryCredentials
{
    /// <param name="registry">As in <see cref="Core.Naming.ImageReference.Registry"/>.</param>
    /// <exception cref="Core.Naming.EnvironmentException">There should be one, but it could not be had; which step failed, and what to do.</exception>
    ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct);

    /// <summary>The registry refused this one: whoever keeps it fetches another the next time.</summary>
    void Refused(string registry, RegistryCredential credential) { }
}
