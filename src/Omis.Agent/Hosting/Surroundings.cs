using System.Collections;
using System.Collections.Immutable;
using Omis.Agent.Rendering;

namespace Omis.Agent.Hosting;

/// <summary>All that a verb takes from the process around it, so that a test can give its own.</summary>
internal sealed record Surroundings
{
    public required Screen Out { get; init; }

    public required Screen Error { get; init; }

    /// <summary>Standard input, read by the few verbs that are told to.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Who typed the command; under sudo the person, not root.</summary>
    public required string User { get; init; }

    public required TimeProvider Time { get; init; }

    public required Outside Outside { get; init; }

    public Stopping Stopping { get; init; } = new();

    public static Surroundings OfThisProcess()
    {
        var environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToImmutableDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", StringComparer.Ordinal);
        return new Surroundings
        {
            Out = Terminals.Screen(Console.Out, !Console.IsOutputRedirected, environment),
            Error = Terminals.Screen(Console.Error, !Console.IsErrorRedirected, environment),
            In = Console.In,
            Environment = environment,
            User = environment.GetValueOrDefault("SUDO_USER") is { Length: > 0 } person ? person : System.Environment.UserName,
            Time = TimeProvider.System,
            Outside = Composition.Outside,
        };
    }
}
