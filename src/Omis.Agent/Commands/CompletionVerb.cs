using System.CommandLine;
using Omis.Agent.Core.Rollout;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

internal sealed class CompletionVerb : Verb
{
    private readonly Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish" };

    public CompletionVerb(Surroundings around)
        : base("completion", "Print what a shell needs to complete commands", around)
    {
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Add(shell);
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        var root = CommandTree.Of(call.Around);
        call.Around.Out.Write(call.Parsed.GetValue(shell) switch
        {
            "bash" => Completions.Bash(root),
            "zsh" => Completions.Zsh(root),
            _ => Completions.Fish(root),
        });
        return Task.FromResult(ExitCodes.Done);
    }
}

/// <summary>For packaging: the manual page, from the same description as help.</summary>
internal sealed class ManVerb : Verb
{
    public ManVerb(Surroundings around)
        : base("man", "Print the manual page", around) => Hidden = true;

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct)
    {
        call.Around.Out.Write(ManPage.Of(CommandTree.Of(call.Around)));
        return Task.FromResult(ExitCodes.Done);
    }
}
