namespace UnderBridge.Sim.Units;

/// <summary>An amount of memory in bytes.</summary>
public readonly record struct Bytes(long Value)
{
    public static Bytes FromKibibytes(double kibibytes) => new((long)(kibibytes * 1024));

    /// <summary>The whole units of the given size that hold these bytes, rounded up.</summary>
    public int Units(int size) => (int)((Value + size - 1) / size);

    public override string ToString() => FormattableString.Invariant($"{Value} B");
}
