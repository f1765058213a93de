namespace Omis.Agent.Registries.Credentials;

/// <summary>What proves to a registry who asks. Never shows its secret.</summary>
public abstract record RegistryCredential
{
    private RegistryCredential() { }

    /// <summary>Who it is for, as far as that may be shown.</summary>
    public abstract string Holder { get; }

    /// <summary>What to do where it is refused, if there is more to say than to check it.</summary>
    public string? Remedy { get; init; }

    public sealed override string ToString() => $"{GetType().Name} of {Holder}";

    public sealed record Basic(string Username, string Password) : RegistryCredential
    {
        public override string Holder => $"user {Username}";
    }

    /// <summary>A refresh token, exchanged at the registry's realm for a token per repository. Source: distribution spec, "OAuth2 token authentication".</summary>
    public sealed record IdentityToken(string Token) : RegistryCredential
    {
        /// <summary>Whose it is, where that is known.</summary>
        public string? Owner { get; init; }

        public override string Holder => Owner ?? "an identity token";
    }
}
