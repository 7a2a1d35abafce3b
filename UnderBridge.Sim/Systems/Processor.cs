using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// A core as a process: it gives itself to one ready app after another and books the time in which none is ready. A synchronous call to a
/// server on the same core does not pass through here, because the caller lends the core to the callee.
/// </summary>
public sealed class Processor
{
    readonly Simulation environment;
    readonly Queue<Ready> ready = new();
    readonly Signal arrival;
    readonly Signal released;
    bool interrupted;
    Leaving leaving;

    internal Processor(Simulation environment, Core core)
    {
        this.environment = environment;
        Core = core;
        arrival = new Signal(environment, "something to run");
        released = new Signal(environment, "the running process");
        environment.Process(Run()).Named("core");
    }

    public Core Core { get; }

    /// <summary>Who saves and restores registers; null on a core without a kernel, whose processes never give way.</summary>
    internal Owner? Kernel { get; init; }

    /// <summary>Puts a process in the run queue; the signal wakes it when the core is its own.</summary>
    public void Enqueue(Signal dispatched) => Enqueue(new Ready(dispatched, null));

    /// <summary>Puts a process in the run queue that has run before: the core is to be as it left it.</summary>
    public void Enqueue(Signal dispatched, in Registers saved) => Enqueue(new Ready(dispatched, saved));

    /// <summary>The running process gives the core back.</summary>
    public void Release() => released.Set();

    /// <summary>The running process waits for another: the time that it has booked passes, and the core is given on.</summary>
    internal void Block() => Leave(new Leaving(Core.Ledger.TakePending(), null));

    /// <summary>Has the running process give way, as soon as it may, to those who are ready. The kernel saves and restores its registers.</summary>
    internal void Interrupt() => interrupted = true;

    /// <summary>
    /// Lets the time pass that the ledger has booked since the last call. An interrupt that came meanwhile is taken at the end of it: whoever is ready
    /// runs first, and the signal wakes the process when the core is its own again.
    /// </summary>
    internal Event Spend(Signal dispatched)
    {
        if (!interrupted) return Spend();
        interrupted = false;
        if (ready.Count == 0) return Spend();
        Core.Charge(Cause.Schedule, "interrupt", 1);
        Leave(new Leaving(Core.Ledger.TakePending(), new Ready(dispatched, Registers.Of(Core))));
        return dispatched.Wait();
    }

    /// <summary>Lets the time pass that the ledger has booked since the last call.</summary>
    public Event Spend()
    {
        var cycles = Core.Ledger.TakePending();
        if (Core.Ledger.Total != Elapsed + cycles)
            throw new InvalidOperationException($"core {Core.Index}: the ledger holds {Core.Ledger.Total} cycles after {Elapsed + cycles}");
        return environment.Hold(cycles);
    }

    /// <summary>Cycles since the simulation began.</summary>
    internal long Elapsed => (environment.Now - environment.StartDate).Ticks;

    IEnumerable<Event> Run()
    {
        while (true)
        {
            while (ready.Count == 0) yield return arrival.Wait();
            Core.Ledger.Idle(Elapsed - Core.Ledger.Total);
            var next = ready.Dequeue();
            if (next.Saved is { } saved)
            {
                Restore(saved);
                yield return Spend();
            }
            next.Dispatched.Set();
            yield return released.Wait();
            if (leaving.Cycles > 0) yield return environment.Hold(leaving.Cycles);
            if (leaving.ToRunAgain is { } again) ready.Enqueue(again);
            leaving = default;
        }
    }

    void Enqueue(in Ready process)
    {
        ready.Enqueue(process);
        arrival.Set();
    }

    void Leave(in Leaving process)
    {
        leaving = process;
        released.Set();
    }

    void Restore(in Registers saved)
    {
        if (saved.Space != Core.Space || saved.KernelView != Core.KernelView) Core.Charge(Cause.Schedule, "cr3-write", 1);
        if (saved.Pkru != Core.PkruValue) Core.Charge(Cause.Schedule, "wrpkru", 1);
        saved.Load(Core, Kernel!);
    }

    /// <summary>A process that has run before finds the core as it left it; another loads what it needs itself.</summary>
    readonly record struct Ready(Signal Dispatched, Registers? Saved);

    /// <summary>A process that gives up the core after the cycles it has booked, for good or to run again.</summary>
    readonly record struct Leaving(long Cycles, Ready? ToRunAgain);
}
