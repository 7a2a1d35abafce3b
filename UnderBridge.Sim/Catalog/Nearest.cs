namespace UnderBridge.Sim.Catalog;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
static class Nearest
{
    /// <summary>
    /// The candidate at the smallest Damerau-Levenshtein distance (insert, delete, replace, swap neighbours; case ignored), the first of equals;
    /// null when every one is further than a third of the longer name. A name that is only the last part of a dotted one counts as that one.
    /// </summary>
    public static string? To(string name, IEnumerable<string> candidates)
    {
        string? nearest = null;
        var best = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = candidate.EndsWith('.' + name, StringComparison.OrdinalIgnoreCase) ? 1 : Distance(name, candidate);
            if (distance >= best || distance > Math.Max(1, Math.Max(name.Length, candidate.Length) / 3)) continue;
            best = distance;
            nearest = candidate;
        }
        return nearest;
    }

    /// <summary>Edits that turn one name into the other, a swap of neighbours being one.</summary>
    public static int Distance(string a, string b)
    {
        a = a.ToLowerInvariant();
        b = b.ToLowerInvariant();
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];
    }
}
