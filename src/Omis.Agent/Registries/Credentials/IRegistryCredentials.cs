namespace Omis.Agent.Registries.Credentials;

/// <summary>Knows the credential of a registry, if there is one. Asked before each question, so that a new login counts at once.</summary>
public interface IRegistryCredentials
{
    /// <param name="registry">As in <see cref="Core.Naming.ImageReference.Registry"/>.</param>
    ValueTask<RegistryCredential?> ForAsync(string registry, CancellationToken ct);
}
