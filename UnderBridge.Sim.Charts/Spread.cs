namespace UnderBridge.Sim.Charts;

/// <summary>Moves labels apart that would overlap.</summary>
static class Spread
{
    /// <summary>The ascending positions moved as little as this simple scheme can, so that neighbours keep the gap and the last stays below the limit.</summary>
    public static float[] Apart(IReadOnlyList<float> positions, float gap, float limit)
    {
        var moved = positions.ToArray();
        for (var i = 1; i < moved.Length; i++) moved[i] = Math.Max(moved[i], moved[i - 1] + gap);
        if (moved.Length > 0) moved[^1] = Math.Min(moved[^1], limit);
        for (var i = moved.Length - 2; i >= 0; i--) moved[i] = Math.Min(moved[i], moved[i + 1] - gap);
        return moved;
    }
}
