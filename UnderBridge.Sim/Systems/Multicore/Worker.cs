using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>A thread of a client or of the server: the core it belongs to, what its work touches, and how it is woken.</summary>
sealed class Worker(SharedCore home, Owner owner, Cause work, int number, WorkingSet memory, ProgramSpec program, Signal woken)
{
    double codeLines;
    double dataLines;

    public SharedCore Home => home;

    /// <summary>Wakes it when it was called or answered from another core.</summary>
    public Signal Woken => woken;

    /// <summary>Its core was idle and gets an interrupt.</summary>
    public bool Interrupted { get; set; }

    /// <summary>Works for so many cycles on a core and touches its working set in proportion. The price of work holds the misses of its own.</summary>
    public void Work(Core core, double cycles)
    {
        core.Ledger.Charge(work, cycles, number);
        codeLines += cycles * program.CodeDensity.Value / 1000;
        dataLines += cycles * program.DataDensity.Value / 1000;
        var (code, data) = ((int)codeLines, (int)dataLines);
        codeLines -= code;
        dataLines -= data;
        core.Touch(owner, memory, code, data, refillInPrice: true);
    }
}
