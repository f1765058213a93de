using System.Collections.Immutable;

namespace Omis.Agent.Registries.Tokens;

/// <summary>One challenge of a WWW-Authenticate header, as parsed: nothing in it is trusted yet.</summary>
/// <param name="Scheme">Lower case.</param>
/// <param name="Parameters">Names in lower case; of a name given twice, the first.</param>
internal sealed record Challenge(string Scheme, ImmutableDictionary<string, string> Parameters)
{
    public bool IsBasic => Scheme == "basic";

    public bool IsBearer => Scheme == "bearer";

    public string? Realm => Parameters.GetValueOrDefault("realm");

    public string? Service => Parameters.GetValueOrDefault("service");

    public string? Scope => Parameters.GetValueOrDefault("scope");

    /// <summary>The strongest that we can answer: Bearer before Basic, anything else is left alone.</summary>
    public static Challenge? Choose(HttpResponseMessage response)
    {
        var challenges = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values)
            ? values.SelectMany(value => ChallengeParser.Parse(value)).ToImmutableArray()
            : [];
        return challenges.FirstOrDefault(challenge => challenge.IsBearer) ?? challenges.FirstOrDefault(challenge => challenge.IsBasic);
    }
}
