namespace Omis.Agent.Configuration.Shapes;

/// <summary>What a key was most likely meant to be.</summary>
internal static class NearestKey
{
    /// <param name="known">At least one; a text's key together with its <c>nameFile</c>, which goes without saying in the list.</param>
    public static string Message(string key, IReadOnlyCollection<string> known)
    {
        var wanted = Found.Brief(key).ToUpperInvariant();
        var nearest = known.MinBy(candidate => Distance(wanted, candidate.ToUpperInvariant()));
        var plain = known.Where(candidate => !(FileSuffix.IsOn(candidate, out var name) && known.Contains(name)));
        return $"unknown key; the nearest known key is '{nearest}' (known here: {string.Join(", ", plain)})";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.</summary>
    internal static int Distance(string one, string other)
    {
        var (before, last, row) = (new int[other.Length + 1], Enumerable.Range(0, other.Length + 1).ToArray(), new int[other.Length + 1]);
        for (var i = 1; i <= one.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = last[j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, last, row) = (last, row, before);
        }

        return last[other.Length];
    }
}
