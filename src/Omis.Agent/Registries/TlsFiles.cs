namespace Omis.Agent.Registries;

/// <summary>What a connection to a registry trusts beside the system's CAs, and what it shows of itself. All PEM.</summary>
internal sealed record TlsFiles(string? CaFile, string? CertificateFile, string? KeyFile)
{
    /// <summary>When each was last written; a file that is missing has a time too.</summary>
    public (DateTime Ca, DateTime Certificate, DateTime Key) Stamp() => (Written(CaFile), Written(CertificateFile), Written(KeyFile));

    private static DateTime Written(string? file) => file is null ? default : File.GetLastWriteTimeUtc(file);
}
