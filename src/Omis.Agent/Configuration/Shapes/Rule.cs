using System.Text.Json.Nodes;

namespace Omis.Agent.Configuration.Shapes;

/// <summary>Which keys may or must stand together.</summary>
/// <param name="Broken">From the keys given, without the suffix File, to what is wrong; or null.</param>
/// <param name="Schema">The same, from the schema that says that a key is given.</param>
internal sealed record Rule(Func<IReadOnlyCollection<string>, string?> Broken, Func<Func<string, JsonObject>, JsonObject> Schema)
{
    public static Rule Needs(string key) => new(
        given => given.Contains(key) ? null : $"'{key}' is missing; it must be given",
        isGiven => isGiven(key));

    public static Rule Requires(string one, string other) => new(
        given => given.Contains(one) && !given.Contains(other) ? $"'{one}' is given without '{other}'; expected both" : null,
        isGiven => new() { ["anyOf"] = new JsonArray(isGiven(other), new JsonObject { ["not"] = isGiven(one) }) });

    public static Rule Either(string one, string other) => new(
        given => given.Contains(one) || given.Contains(other) ? null : $"'{one}' is missing; it or '{other}' must be given",
        isGiven => new() { ["anyOf"] = new JsonArray(isGiven(one), isGiven(other)) });

    public static Rule NotBoth(string one, string other) => new(
        given => given.Contains(one) && given.Contains(other) ? $"'{one}' and '{other}' are both given; expected one of them" : null,
        isGiven => new() { ["not"] = All(isGiven, one, other) });

    public static Rule Together(string one, string other) => new(
        given => given.Contains(one) == given.Contains(other) ? null
            : given.Contains(one) ? $"'{one}' is given without '{other}'; expected both" : $"'{other}' is given without '{one}'; expected both",
        isGiven => new() { ["anyOf"] = new JsonArray(All(isGiven, one, other), new JsonObject { ["not"] = new JsonObject { ["anyOf"] = new JsonArray(isGiven(one), isGiven(other)) } }) });

    private static JsonObject All(Func<string, JsonObject> isGiven, params string[] keys) =>
        new() { ["allOf"] = new JsonArray([.. keys.Select(isGiven)]) };
}
