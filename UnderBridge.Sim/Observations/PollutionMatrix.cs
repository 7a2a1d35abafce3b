namespace UnderBridge.Sim.Observations;

/// <summary>Stall cycles by owner: what others cost it by pushing its lines and translations out (pollution), and what its own misses cost it (refill).</summary>
sealed class PollutionMatrix
{
    double[][] byVictim = [];
    double[] refill = [];

    /// <summary>Cycles that the owner <paramref name="victim"/> stalled because of the owner <paramref name="culprit"/>, by index.</summary>
    public double PollutionBy(int victim, int culprit) =>
        victim < byVictim.Length && culprit < byVictim[victim].Length ? byVictim[victim][culprit] : 0;

    /// <summary>Cycles an owner stalled because of everybody.</summary>
    public double PollutionOf(int victim) => victim < byVictim.Length ? byVictim[victim].Sum() : 0;

    /// <summary>Cycles charged to an owner for misses it would have had alone.</summary>
    public double RefillOf(int owner) => owner < refill.Length ? refill[owner] : 0;

    public void Book(int victim, int culprit, double cycles)
    {
        while (victim >= byVictim.Length) byVictim = [.. byVictim, []];
        if (culprit >= byVictim[victim].Length) Array.Resize(ref byVictim[victim], culprit + 1);
        byVictim[victim][culprit] += cycles;
    }

    public void BookRefill(int owner, double cycles)
    {
        if (owner >= refill.Length) Array.Resize(ref refill, owner + 1);
        refill[owner] += cycles;
    }

    /// <summary>Starts the books anew, for a measurement after a warm-up.</summary>
    public void Clear()
    {
        foreach (var row in byVictim) Array.Clear(row);
        Array.Clear(refill);
    }
}
