using System.CommandLine;

namespace Omis.Agent.Commands;

/// <summary>Options that every verb takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string?> Config = new("--config") { Description = "The config file (default: /etc/omis-agent.json; on Windows %ProgramData%\\omis-agent\\omis-agent.json)", HelpName = "FILE", Recursive = true };

    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON document on standard output", Recursive = true };

    public static readonly Option<bool> Verbose = new("--verbose") { Description = "Log everything, with stacks, on standard error (as OMIS_LOG=debug)", Recursive = true };
}
