namespace UnderBridge.Sim.Engine;

public static class Extensions
{
    /// <summary>The items whose key is the greatest, in the order of the source.</summary>
    public static IEnumerable<T> MaxItems<T>(this IEnumerable<T> source, Func<T, IComparable> selector)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(selector);
        var items = source.Select(item => (Item: item, Key: selector(item))).ToList();
        return items.Count == 0 ? [] : items.Where(i => i.Key.CompareTo(items.Max(o => o.Key)) == 0).Select(i => i.Item);
    }
}
