using System.CommandLine;
using Omis.Agent.Hosting;

namespace Omis.Agent.Commands;

/// <summary>Names that are promised and do nothing yet: refused clearly, rather than taken for a mistake or ignored.</summary>
internal static class Reserved
{
    public static readonly string[] Verbs =
        ["approve", "reject"];

    public static Option<bool> Flag(string name) => new(name) { Hidden = true };

    /// <exception cref="UsageException">One of them is given.</exception>
    public static void Refuse(ParseResult parsed, params ReadOnlySpan<Option<bool>> flags)
    {
        foreach (var flag in flags)
        {
            if (parsed.GetValue(flag))
            {
                throw NotYet(flag.Name);
            }
        }
    }

    public static UsageException NotYet(string name) => new($"'{name}' is not in this version");
}

internal sealed class ReservedVerb : Verb
{
    public ReservedVerb(string name, Surroundings around)
        : base(name, "Not in this version", around)
    {
        Hidden = true;
        TreatUnmatchedTokensAsErrors = false;
    }

    protected override Task<int> RunAsync(Invocation call, CancellationToken ct) => throw Reserved.NotYet(Name);
}
