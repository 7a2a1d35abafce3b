namespace UnderBridge.Sim.Units;

/// <summary>A clock rate in hertz.</summary>
readonly record struct Frequency(double Hertz)
{
    public static Frequency FromGigahertz(double gigahertz) => new(gigahertz * 1e9);

    public override string ToString() => FormattableString.Invariant($"{Hertz / 1e9:0.###} GHz");
}
