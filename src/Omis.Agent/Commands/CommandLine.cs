using System.CommandLine;
using System.CommandLine.Invocation;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, Surroundings around)
    {
        var parsed = CommandTree.Of(around).Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            return Misused(parsed, args, around);
        }

        // What the library writes by itself (help, version) goes the same way as all else.
        using var output = new StringWriter();
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = output,
            EnableDefaultExceptionHandler = false,
            // It would end the process two seconds after a signal, in the middle of a swap.
            ProcessTerminationTimeout = null,
        };
        var code = await parsed.InvokeAsync(configuration, around.Stopping.Token);
        if (output.GetStringBuilder().Length > 0)
        {
            around.Out.Write(output.ToString());
        }

        return code;
    }

    private static int Misused(ParseResult parsed, string[] args, Surroundings around)
    {
        var verb = parsed.CommandResult.Command is RootCommand ? "" : " " + parsed.CommandResult.Command.Name;
        var answer = new Answer(around, args.Contains("--json"));
        answer.Fail("usage", Misuse.Text(parsed), $"see 'omis-agent{verb} --help'");
        return ExitCodes.Usage;
    }
}
