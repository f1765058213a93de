using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>An agent that runs beside the test.</summary>
public sealed class AgentProcess(ChildProcess process) : IDisposable
{
    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public string Output => process.Output;

    public string Errors => process.Errors;

    public async Task<AgentResult> EndAsync(TimeSpan? limit = null) => new(await process.EndAsync(limit ?? TimeSpan.FromMinutes(2)));

    /// <summary>SIGKILL: nothing that it had in mind gets done any more.</summary>
    public async Task<AgentResult> KillAsync() => new(await process.KillAsync());

    public void Terminate() => process.Signal(PosixSignal.SIGTERM);

    public void Reload() => process.Signal(PosixSignal.SIGHUP);

    /// <summary>Waits until it says this on stderr.</summary>
    public async Task SaysAsync(string text, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.BeAsync($"the agent says '{text}'", () => Errors.Contains(text, StringComparison.Ordinal), limit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}\n--- stdout\n{Output}--- stderr\n{Errors}", late);
        }
    }

    public void Dispose() => process.Dispose();
}

/// <summary>What an agent did that has ended.</summary>
public sealed record AgentResult(ProcessResult Process)
{
    public int ExitCode => Process.ExitCode;

    public string Output => Process.Output;

    public string Errors => Process.Errors;

    public TimeSpan Took => Process.Took;

    /// <summary>The one JSON document on stdout.</summary>
    /// <exception cref="InvalidOperationException">There is none, or more than that; the message has all that the agent said.</exception>
    public JsonNode Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Output) ?? throw new JsonException("null");
            }
            catch (JsonException fault)
            {
                throw new InvalidOperationException($"no JSON document on stdout ({fault.Message}): {this}", fault);
            }
        }
    }

    /// <summary>The rollouts of a cycle, as `contract.md` has them.</summary>
    public IReadOnlyList<JsonNode> Rollouts => [.. Json["rollouts"]?.AsArray().Select(rollout => rollout!) ?? []];

    /// <summary>Fails with all that the agent said where it exited with any other code.</summary>
    public AgentResult Exits(int code)
    {
        Assert.True(ExitCode == code, $"expected exit {code}: {this}");
        return this;
    }

    public override string ToString() => Process.ToString();
}
