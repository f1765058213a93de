using System.Net;

namespace Omis.Agent.Control;

/// <summary>Where callers come in.</summary>
internal abstract record Door
{
    private Door() { }

    /// <summary>The setting that names it.</summary>
    public abstract string Setting { get; }

    /// <summary>Open to whoever reaches it, so that callers have to show a token.</summary>
    public sealed record Port(IPEndPoint Address, string? CertificateFile = null, string? KeyFile = null) : Door
    {
        public override string Setting => "control.listen";

        public override string ToString() => (CertificateFile is null ? "" : "https://") + Address;
    }

    /// <summary>A unix socket, whose callers the kernel knows.</summary>
    public sealed record Socket(string Path) : Door
    {
        public override string Setting => "control.socket";

        public override string ToString() => Path;
    }
}
