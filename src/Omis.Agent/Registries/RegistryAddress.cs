using System.Diagnostics.CodeAnalysis;
using System.Net;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Settings;

namespace Omis.Agent.Registries;

/// <summary>Where a registry is reached, and which other addresses it may send us to.</summary>
internal sealed record RegistryAddress(string Name, Uri Root, TlsFiles Tls)
{
    public static bool TryOf(string name, RegistrySettings? settings, [NotNullWhen(true)] out RegistryAddress? address)
    {
        var host = name == RegistryNames.DockerHub ? "registry-1.docker.io" : name;
        address = Uri.TryCreate($"{Scheme(host, settings)}://{host}/", UriKind.Absolute, out var root) && root.AbsolutePath == "/"
            ? new RegistryAddress(name, root, new TlsFiles(settings?.CaFile, settings?.CertificateFile, settings?.KeyFile))
            : null;
        return address is not null;
    }

    /// <summary>What every registry answers at.</summary>
    public Uri Door => new(Root, "v2/");

    /// <summary>The manifest or index that a reference stands for. A digest beside a tag wins, as for docker.</summary>
    public Uri Manifest(ImageReference reference) =>
        new(Root, $"v2/{reference.Repository}/manifests/{reference.Digest?.Value ?? reference.Tag ?? "latest"}");

    /// <summary>https anywhere; http only where the registry itself is spoken to in http, and only on its own host or loopback.</summary>
    public bool MaySendTo(Uri target) =>
        target.Scheme == Uri.UriSchemeHttps
        || (target.Scheme == Uri.UriSchemeHttp && Root.Scheme == Uri.UriSchemeHttp
            && (target.IdnHost == Root.IdnHost || (IsLoopback(target) && IsLoopback(Root))));

    public bool IsOwn(Uri target) => Uri.Compare(Root, target, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    public static bool IsLoopback(Uri uri) =>
        uri.IdnHost == "localhost" || (IPAddress.TryParse(uri.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>What a connection there may show: a client certificate is for this host alone, as any other credential.</summary>
    public TlsFiles TlsFor(Uri target) => target.IdnHost == Root.IdnHost ? Tls : Tls with { CertificateFile = null, KeyFile = null };

    /// <summary>Loopback is plain http, as docker has it, unless a CA or a client certificate was given for it; nothing else ever falls back to http.</summary>
    private static string Scheme(string host, RegistrySettings? settings) =>
        (settings?.CaFile ?? settings?.CertificateFile) is null && (settings?.PlainHttp == true || (Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri) && IsLoopback(uri)))
            ? Uri.UriSchemeHttp
            : Uri.UriSchemeHttps;
}
