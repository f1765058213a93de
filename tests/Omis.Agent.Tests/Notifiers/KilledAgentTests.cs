using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Journal;
using Omis.Agent.Testing;
using static Omis.Agent.Tests.Notifiers.Notifying;

namespace Omis.Agent.Tests.Notifiers;

/// <summary>The built program as a process of its own, killed between the change that is reported and its delivery.</summary>
public sealed class KilledAgentTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("omis-killed-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_a_killed_agent_has_not_delivered_the_next_one_does_and_the_id_tells_a_repetition()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var killed = new ManualResetEventSlim();
        await using var server = await ChannelServer.StartAsync((_, count) =>
        {
            if (count == 0)
            {
                // It has come, and the sender will never know.
                arrived.TrySetResult();
                killed.Wait(TimeSpan.FromSeconds(30), Ct);
            }

            return new Reply(202);
        });
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), $$"""
            { "state": { "directory": "{{folder}}/state" }, "engine": { "endpoint": "unix://{{folder}}/no.sock" }, "notify": { "webhook": [ { "url": "{{server.Url}}" } ] } }
            """, Ct);
        using (var state = State())
        {
            await new SqliteJournal(state, new Addressees(() => [new Channel("webhook", new())])).CloseAsync("01A", Some.Record("01A", Outcome.Reverted) with { EndedAt = TimeProvider.System.GetUtcNow() }, [], [], Ct);
        }

        using (var first = Start("run"))
        {
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
            first.Kill();
            await first.WaitForExitAsync(Ct);
        }

        killed.Set();
        using var second = Start("run", "--once");
        await second.WaitForExitAsync(Ct);

        Assert.Equal(3, second.ExitCode);
        Assert.Equal(["01A.Reverted", "01A.Reverted"], server.Posts.Select(posted => posted.Json.GetProperty("id").GetString()));
        using var after = State();
        Assert.Empty(await new SqliteOutbox(after).BacklogAsync(Ct));
    }

    private StateDatabase State() => StateDatabase.Open(Path.Combine(folder, "state"), TimeProvider.System, NullLogger<StateDatabase>.Instance);

    private Process Start(params string[] arguments)
    {
        var binary = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "omis-agent.exe" : "omis-agent");
        var process = new Process { StartInfo = new ProcessStartInfo(binary, [.. arguments, "--config", Path.Combine(folder, "config.json")]) { RedirectStandardError = true, RedirectStandardOutput = true } };

        // The built binary is not published: it looks for the runtime that runs this test.
        process.StartInfo.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
