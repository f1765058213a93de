using System.CommandLine;
using Omis.Agent.Hosting;
using Serilog.Events;

namespace Omis.Agent.Commands;

/// <summary>A verb of the command line: what it takes, and what it does.</summary>
internal abstract class Verb : Command
{
    protected Verb(string name, string description, Surroundings around)
        : base(name, description) =>
        SetAction(async (parsed, ct) =>
        {
            using var call = new Invocation(around, parsed, UsualLevel(parsed));
            return await Faults.ToExitCodeAsync(call, () => RunAsync(call, ct), ct);
        });

    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(Invocation call, CancellationToken ct);

    /// <summary>Someone who types a command wants its answer; a service's log is all there is of it.</summary>
    protected virtual LogEventLevel UsualLevel(ParseResult parsed) => LogEventLevel.Warning;
}
