namespace Omis.Agent.Registries.Credentials;

/// <summary>What proves to a registry who asks. Never shows its secret.</summary>
public abstract record RegistryCredential
{
    private RegistryCredential() { }

    /// <summary>Who it is for, as far as that may be shown.</summary>
    public abstract string Holder { get; }

    public sealed override string ToString() => $"{GetType().Name} of {Holder}";

    public sealed record Basic(string Username, string Password) : RegistryCredential
    {
        public override string Holder => $"user {Username}";
    }

    /// <summary>A refresh token, exchanged at the registry's realm for a token per repository. Source: distribution spec, "OAuth2 token authentication".</summary>
    public sealed record IdentityToken(string Token) : RegistryCredential
    {
        public override string Holder => "an identity token";
    }
}
