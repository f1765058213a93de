using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>What a program did, once it has ended.</summary>
public sealed record ProcessResult(string Command, int ExitCode, string Output, string Errors, TimeSpan Took)
{
    /// <exception cref="InvalidOperationException">With all that the program said, if it did not exit with 0.</exception>
    public ProcessResult OrThrow() => ExitCode == 0 ? this : throw new InvalidOperationException(ToString());

    public override string ToString() => $"{Command}\nexit {ExitCode} after {Took.TotalSeconds:0.0} s\n--- stdout\n{Output}--- stderr\n{Errors}";
}

/// <summary>A program that runs beside the test, with everything that it says kept.</summary>
public sealed class ChildProcess : IDisposable
{
    private readonly Process process;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly string command;

    private ChildProcess(ProcessStartInfo start)
    {
        command = $"{Path.GetFileName(start.FileName)} {string.Join(' ', start.ArgumentList)}";
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public string Output => Read(output);

    public string Errors => Read(errors);

    /// <param name="environment">Added to the test's own; a null removes.</param>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> environment, string folder)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(start);
    }

    /// <exception cref="TimeoutException">It was killed for taking too long; the message has all that it said.</exception>
    public async Task<ProcessResult> EndAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException($"killed after {limit.TotalSeconds:0} s: {Result()}");
        }

        return Result();
    }

    /// <summary>SIGKILL, for its children too.</summary>
    public async Task<ProcessResult> KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        return Result();
    }

    public void Signal(PosixSignal signal)
    {
        var number = signal switch { PosixSignal.SIGTERM => 15, PosixSignal.SIGHUP => 1, PosixSignal.SIGINT => 2, _ => throw new ArgumentOutOfRangeException(nameof(signal)) };
        _ = Send(process.Id, number);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private ProcessResult Result() => new(command, process.ExitCode, Output, Errors, clock.Elapsed);

    private static void Keep(StringBuilder text, string? line)
    {
        lock (text)
        {
            _ = line is null ? text : text.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);
}
