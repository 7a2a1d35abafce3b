namespace UnderBridge.Sim.Units;

/// <summary>A price in cycles of the machine's time-stamp counter. It may be fractional; simulated time is whole cycles.</summary>
public readonly record struct Cycles(double Value)
{
    public static readonly Cycles Zero;

    public static Cycles operator +(Cycles a, Cycles b) => new(a.Value + b.Value);
    public static Cycles operator -(Cycles a, Cycles b) => new(a.Value - b.Value);
    public static Cycles operator *(Cycles a, double factor) => new(a.Value * factor);

    /// <summary>How long these cycles take on a counter of the given frequency, in seconds.</summary>
    public double Seconds(Frequency counter) => Value / counter.Hertz;


    public override string ToString() => FormattableString.Invariant($"{Value:0.###} cycles");
}
