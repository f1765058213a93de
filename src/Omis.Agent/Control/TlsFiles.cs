using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Omis.Agent.Hosting;

namespace Omis.Agent.Control;

/// <summary>
/// TLS with the certificate of two PEM files, which are read again when either was renewed: what renews certificates
/// need not know the agent. Files that cannot be read then leave the certificate before them in force.
/// </summary>
internal sealed class TlsFiles(string certificateFile, string keyFile)
{
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private (DateTime, DateTime) read;
    private SslStreamCertificateContext? context;

    /// <summary>Kestrel's own middleware for this wants services that there are not here.</summary>
    /// <exception cref="IOException">They cannot be read or do not fit each other.</exception>
    public void Guard(ListenOptions listen)
    {
        Context();
        listen.Use(next => connection => ServeAsync(connection, next));
    }

    private SslStreamCertificateContext Context()
    {
        lock (gate)
        {
            var now = (File.GetLastWriteTimeUtc(certificateFile), File.GetLastWriteTimeUtc(keyFile));
            if (context is null || now != read)
            {
                context = Read() ?? context ?? throw new IOException($"the certificate '{certificateFile}' and the key '{keyFile}' cannot be read, or do not fit each other; expected PEM");
                read = now;
            }

            return context;
        }
    }

    private SslStreamCertificateContext? Read()
    {
        try
        {
            return PemPair.Read(certificateFile, keyFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var plain = connection.Transport;
        await using var encrypted = new SslStream(new PipeStream(plain), leaveInnerStreamOpen: false);
        using (var late = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
        {
            late.CancelAfter(Handshake);
            try
            {
                await encrypted.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = Context() }, late.Token);
            }
            catch (Exception fault) when (fault is AuthenticationException or IOException or OperationCanceledException)
            {
                // A caller that speaks no TLS, or does not trust the certificate, is no news.
                return;
            }
        }

        connection.Transport = new Duplex(PipeReader.Create(encrypted), PipeWriter.Create(encrypted));
        try
        {
            await next(connection);
            await connection.Transport.Output.CompleteAsync();
        }
        finally
        {
            connection.Transport = plain;
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The two directions of a connection as one stream.</summary>
    private sealed class PipeStream(IDuplexPipe pipe) : Stream
    {
        private readonly Stream reader = pipe.Input.AsStream();
        private readonly Stream writer = pipe.Output.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reader.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writer.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => writer.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => writer.Write(buffer, offset, count);

        public override void Flush() => writer.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                reader.Dispose();
                writer.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
