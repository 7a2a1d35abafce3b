namespace UnderBridge.Sim.Catalog;

/// <summary>The values a number may take; both ends belong to it unless <paramref name="AboveLow"/> leaves the lower one out.</summary>
readonly record struct Bounds(double Low, double High, bool AboveLow = false)
{
    public static readonly Bounds Any = new(double.NegativeInfinity, double.PositiveInfinity);
    public static readonly Bounds NotNegative = new(0, double.PositiveInfinity);
    public static readonly Bounds Positive = new(0, double.PositiveInfinity, AboveLow: true);
    public static readonly Bounds Ratio = new(0, 1);

    /// <summary>A price in cycles; the upper end only keeps sums within what a run can count.</summary>
    public static readonly Bounds Cycles = new(0, 1e9);

    public static Bounds AtLeast(double low) => new(low, double.PositiveInfinity);

    public bool Contains(double value) => value <= High && (AboveLow ? value > Low : value >= Low);

    /// <summary>As it reads after "a number": <c> of at least 0</c>, <c> between 0 and 1</c>; empty without bounds.</summary>
    public override string ToString()
    {
        if (double.IsNegativeInfinity(Low)) return double.IsPositiveInfinity(High) ? "" : FormattableString.Invariant($" of at most {High}");
        if (!double.IsPositiveInfinity(High))
            return AboveLow ? FormattableString.Invariant($" above {Low} and at most {High}") : FormattableString.Invariant($" between {Low} and {High}");
        return AboveLow ? FormattableString.Invariant($" above {Low}") : FormattableString.Invariant($" of at least {Low}");
    }
}
