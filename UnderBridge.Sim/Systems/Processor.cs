using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// A core as a process: it gives itself to one ready app after another and books the time in which none is ready. A synchronous call to a
/// server on the same core does not pass through here, because the caller lends the core to the callee.
/// </summary>
public sealed class Processor
{
    readonly Simulation environment;
    readonly Queue<Signal> ready = new();
    readonly Signal arrival;
    readonly Signal released;

    public Processor(Simulation environment, Core core)
    {
        this.environment = environment;
        Core = core;
        arrival = new Signal(environment);
        released = new Signal(environment);
        environment.Process(Run());
    }

    public Core Core { get; }

    /// <summary>Puts a process in the run queue; the signal wakes it when the core is its own.</summary>
    public void Enqueue(Signal dispatched)
    {
        ready.Enqueue(dispatched);
        arrival.Set();
    }

    /// <summary>The running process gives the core back.</summary>
    public void Release() => released.Set();

    /// <summary>Lets the time pass that the ledger has booked since the last call.</summary>
    public Event Spend()
    {
        var cycles = Core.Ledger.TakePending();
        if (Core.Ledger.Total != Elapsed + cycles)
            throw new InvalidOperationException($"core {Core.Index}: the ledger holds {Core.Ledger.Total} cycles after {Elapsed + cycles}");
        return environment.Hold(cycles);
    }

    /// <summary>Cycles since the simulation began.</summary>
    public long Elapsed => (environment.Now - environment.StartDate).Ticks;

    IEnumerable<Event> Run()
    {
        while (true)
        {
            while (ready.Count == 0) yield return arrival.Wait();
            Core.Ledger.Idle(Elapsed - Core.Ledger.Total);
            ready.Dequeue().Set();
            yield return released.Wait();
        }
    }
}
