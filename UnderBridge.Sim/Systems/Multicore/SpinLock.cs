namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>A lock that is granted in the order of asking, as a queued spin lock is. Who waits keeps its core, which books the time as lock wait.</summary>
sealed class SpinLock(Simulation environment)
{
    readonly Resource holders = new(environment);
    Request? held;

    /// <summary>Takes the lock; the core's cycles up to here must have been spent.</summary>
    public IEnumerable<Event> Acquire(SharedCore core)
    {
        var request = holders.Request();
        yield return request;
        held = request;
        core.BookSpinning();
    }

    public void Release()
    {
        held!.Dispose();
        held = null;
    }
}
