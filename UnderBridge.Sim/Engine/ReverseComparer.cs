namespace UnderBridge.Sim.Engine;

/// <summary>The natural order, upside down.</summary>
public class ReverseComparer<T> : IComparer<T>
    where T : IComparable
{
    public int Compare(T? x, T? y) => Comparer<T>.Default.Compare(y, x);
}
