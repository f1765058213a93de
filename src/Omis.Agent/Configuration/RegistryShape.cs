using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Configuration;

/// <summary>How registries are reached, and as whom.</summary>
internal static class RegistryShape
{
    public static readonly KeyShape Hosts = new("the host of a registry, as an image's name begins: registry.example.com, 127.0.0.1:5000 or docker.io", "[^/@\\s]+", Host);

    public static readonly ObjectShape<RegistrySettings> Registry = new ObjectShape<RegistrySettings>("an object", new())
        .Has("username", Texts.Plain,
            "Who asks, where the registry wants a password.",
            registry => registry.Username, (registry, value) => registry with { Username = value })
        .Has("password", Texts.Secret,
            "That user's password or token.",
            registry => registry.Password, (registry, value) => registry with { Password = value })
        .Has("plainHttp", new FlagShape(),
            "True for a registry without TLS; one on this machine need not say so.",
            registry => registry.PlainHttp, (registry, value) => registry with { PlainHttp = value })
        .Has("caFile", Texts.File,
            "The certificate authority (PEM) of the registry.",
            registry => registry.CaFile, (registry, value) => registry with { CaFile = value })
        .Has("certificateFile", Texts.File,
            "The client certificate (PEM) shown to the registry.",
            registry => registry.CertificateFile, (registry, value) => registry with { CertificateFile = value })
        .Has("keyFile", Texts.File,
            "The client certificate's key (PEM).",
            registry => registry.KeyFile, (registry, value) => registry with { KeyFile = value })
        .Has("azure", AzureShape.Azure,
            "Signs in to an Azure Container Registry.",
            registry => registry.Azure, (registry, value) => registry with { Azure = value })
        .With(Rule.Together("username", "password"))
        .With(Rule.Together("certificateFile", "keyFile"))
        .With(Rule.NotBoth("username", "azure"))
        .Check("plainHttp", registry => registry is { PlainHttp: true, CertificateFile: not null } ? "found true beside 'certificateFile', expected false: a client certificate is shown over TLS only" : null)
        .Check("plainHttp", registry => registry is { PlainHttp: true, Azure: not null } ? "found true beside 'azure', expected false: Azure's tokens travel over TLS only" : null);

    /// <summary>As an image of that registry has it, so that both always agree.</summary>
    private static string? Host(string key) =>
        ImageReference.TryParse(key + "/x", out var image) && image.Repository is "x" or "library/x" ? image.Registry : null;
}
