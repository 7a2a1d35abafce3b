namespace UnderBridge.Sim.Tests.House;

/// <summary>Bytes that an action allocates on this thread.</summary>
static class Allocated
{
    const int Times = 5;

    /// <summary>
    /// The least of several runs of an action. What the action itself allocates shows in each of them; what the runtime allocates beside it once, as when it
    /// replaces a method by a better one or a collection discards the rest of the thread's allocation buffer, does not.
    /// </summary>
    public static long Least(Action action) => Enumerable.Range(0, Times).Select(_ => Once(action)).Min();

    /// <summary>The least that was allocated between two of these readings of the counter in turn.</summary>
    public static long Least(IEnumerable<long> readings) => readings.Zip(readings.Skip(1), (before, after) => after - before).Min();

    static long Once(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
