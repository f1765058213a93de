namespace Omis.Agent.Configuration.Shapes;

/// <summary>The user's own names as keys.</summary>
/// <param name="Pattern">The schema's; <paramref name="Normalise"/> decides.</param>
/// <param name="Normalise">Null where the key is no such name.</param>
internal sealed record KeyShape(string Expected, string Pattern, Func<string, string?> Normalise)
{
    public StringComparer Comparer { get; init; } = StringComparer.Ordinal;
}
