using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>
/// A core that threads take turns on, in the order in which they became ready. Whoever holds it books its cycles first and lets the time pass then;
/// what passed while nobody held it was idle. So the ledger always holds exactly the time up to which the core is booked.
/// </summary>
sealed class SharedCore(Simulation environment, Core core)
{
    readonly Resource turn = new(environment);
    Request? holder;
    Worker? last;
    int waiting;

    public Core Core => core;

    /// <summary>Nobody holds it.</summary>
    public bool IsIdle => turn.InUse == 0;

    /// <summary>Somebody waits in its run queue.</summary>
    public bool IsWanted => waiting > 0;

    /// <summary>When the thread that holds it must give way, if somebody waits.</summary>
    public long SliceEnd { get; set; }

    /// <summary>Waits for a turn. Returns to the process when the core is the worker's.</summary>
    public IEnumerable<Event> Enter(Worker worker)
    {
        var request = turn.Request();
        waiting++;
        yield return request;
        waiting--;
        holder = request;
        core.Ledger.Pass(Cause.Idle, environment.Ticks - core.Ledger.Total);
        var switches = last is not null && last != worker;
        last = worker;
        if (!switches) yield break;
        core.Charge(Cause.AddressSpaceSwitch, "cr3-write", 1);
        yield return Spend();
    }

    /// <summary>Gives the core to the next in its run queue, or leaves it idle.</summary>
    public void Leave()
    {
        holder!.Dispose();
        holder = null;
    }

    /// <summary>Lets the time pass that the ledger has booked since the last call.</summary>
    public Event Spend()
    {
        var cycles = core.Ledger.TakePending();
        CheckBooked(environment.Ticks + cycles);
        return environment.Hold(cycles);
    }

    /// <summary>Books the time that the holder spun for a lock.</summary>
    public void BookSpinning() => core.Ledger.Pass(Cause.LockWait, environment.Ticks - core.Ledger.Total);

    /// <summary>Books the rest of the run, at the end of which nobody holds the core.</summary>
    public void Close()
    {
        if (!IsIdle) throw new InvalidOperationException($"core {core.Index} is held at the end of the run");
        core.Ledger.Pass(Cause.Idle, environment.Ticks - core.Ledger.Total);
        CheckBooked(environment.Ticks);
    }

    void CheckBooked(long elapsed)
    {
        if (core.Ledger.Total != elapsed || Causes.All.Sum(cause => core.Ledger[cause]) != elapsed)
            throw new InvalidOperationException($"core {core.Index}: the ledger holds {core.Ledger.Total} cycles after {elapsed}");
    }
}
