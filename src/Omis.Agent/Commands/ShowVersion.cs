using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Rendering;

namespace Omis.Agent.Commands;

/// <summary><c>omis-agent 0.1.0 (5443a301)</c>: what to name in a bug report.</summary>
internal sealed class ShowVersion(Screen screen) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        screen.Line($"omis-agent {Text(typeof(ShowVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown")}");
        return ExitCodes.Done;
    }

    private static string Text(string version) =>
        version.Split('+') is [var number, { Length: >= 8 } commit] ? $"{number} ({commit[..8]})" : version;
}
