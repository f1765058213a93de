using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Registries.Credentials;

/// <summary>
/// Asks one of docker's credential helpers, a program <c>docker-credential-NAME</c>: the server goes to its standard
/// input, the login comes from its standard output, and no secret is ever an argument.
/// Source: github.com/docker/docker-credential-helpers, README, "Development".
/// </summary>
internal sealed class CredentialHelper(Func<string?> searchPath, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>The largest answer that is read; a login is a few kilobytes.</summary>
    private const int MostBytes = 256 * 1024;

    public static CredentialHelper OfThisMachine(TimeProvider clock) => new(() => Environment.GetEnvironmentVariable("PATH"), TimeSpan.FromSeconds(10), clock);

    /// <returns>Null where the helper has no login for that server.</returns>
    /// <exception cref="EnvironmentException">It could not be asked. Its own words are not repeated.</exception>
    public async Task<RegistryCredential?> AskAsync(string helper, string server)
    {
        var program = HelperPath.Find(helper, searchPath()) ?? throw Fault(helper, server, "is no program on the agent's PATH; install it, or take it out of docker's config.json");
        using var process = Start(program, helper, server);
        using var deadline = new CancellationTokenSource(timeout, clock);
        try
        {
            return await TalkAsync(process, helper, server, deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Fault(helper, server, $"did not answer within {timeout.TotalSeconds:0.#} s");
        }
        finally
        {
            End(process);
        }
    }

    private static Process Start(string program, string helper, string server)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, ["get"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,

                // It may hold what nobody may see, so it reaches no log: it is read and thrown away.
                RedirectStandardError = true,
                WorkingDirectory = Path.GetPathRoot(program),
            })!;
        }
        catch (Exception fault) when (fault is Win32Exception or IOException)
        {
            throw Fault(helper, server, "could not be started; is it a program for this machine, and may the agent's user run it?");
        }
    }

    private static async Task<RegistryCredential?> TalkAsync(Process process, string helper, string server, CancellationToken ct)
    {
        var silence = process.StandardError.BaseStream.CopyToAsync(Stream.Null, ct);
        await SayAsync(process, server, ct).ConfigureAwait(false);
        var output = await ReadAsync(process.StandardOutput.BaseStream, ct).ConfigureAwait(false) ?? throw Fault(helper, server, $"answered with more than {MostBytes / 1024} KiB");
        await silence.ConfigureAwait(false);
        await process.WaitForExitAsync(ct).ConfigureAwait(false);
        return process.ExitCode == 0
            ? HelperAnswer.Read(output.Span) is { } answer ? answer.Credential : throw Fault(helper, server, "did not answer with the JSON of a login")
            : HelperAnswer.IsNone(output.Span) ? null : throw Fault(helper, server, $"failed with exit code {process.ExitCode}");
    }

    /// <summary>A helper that does not listen is judged by what it answers.</summary>
    private static async Task SayAsync(Process process, string server, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(server + "\n"), ct).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var body = new byte[MostBytes + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        return length <= MostBytes ? new ReadOnlyMemory<byte>(body, 0, length) : default(ReadOnlyMemory<byte>?);
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception fault) when (fault is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, as it should.
        }
    }

    private static EnvironmentException Fault(string helper, string server, string what) =>
        new(ReasonCode.RegistryUnauthorized, $"docker-credential-{helper}, which docker's config.json names for {server}, {what}");
}
