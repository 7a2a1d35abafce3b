using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// What it takes the kernel to change where or with which key a server's pages are mapped: a write for each page-table entry, one flush of the translations
/// of all processes, since each may have some of the kernel's half under a PCID of its own, and the kernel's own bookkeeping.
/// </summary>
sealed class Remapping
{
    readonly Core core;
    readonly Owner kernel;
    readonly bool globalPages;
    readonly Sourced<double> logic;
    readonly int logicNumber;

    public Remapping(SimulatedSystem system, bool globalPages, Sourced<double> logic)
    {
        core = system.Core;
        kernel = system.Kernel;
        this.globalPages = globalPages;
        this.logic = logic;
        logicNumber = system.Provenance.IndexOf(logic);
    }

    /// <summary>Pays for so many writes of page-table entries, and drops what TLBs still hold of the old ones. Runs in the kernel, whoever has the core.</summary>
    public void Charge(int entries)
    {
        core.Charge(Cause.KernelLogic, "pte-write", entries);
        core.Ledger.Charge(Cause.KernelLogic, logic.Value, logicNumber);
        var saved = core.Ring;
        core.Ring = Ring.Kernel;
        core.InvalidateAll(globalPages, kernel);
        core.Ring = saved;
        core.Charge(Cause.Ipi, "tlb-flush", 1);
        if (OtherCores == 0) return;
        // They flush at the same time, and it waits for the last of them.
        core.Charge(Cause.Ipi, "ipi", 1);
        core.Charge(Cause.Ipi, "tlb-flush", 1);
        core.Charge(Cause.Ipi, "line-transfer", 1);
    }

    /// <summary>Cores beside this one that have the kernel's page table loaded, and are told by IPI to flush.</summary>
    public int OtherCores { get; set; }

    /// <summary>The cycles of such a change, but for what the flush makes others refill.</summary>
    public double Price(int entries) => entries * core.Price("pte-write") + logic.Value + core.Price("tlb-flush")
        + (OtherCores == 0 ? 0 : core.Price("ipi") + core.Price("tlb-flush") + core.Price("line-transfer"));
}
