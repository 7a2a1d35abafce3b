using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>An app or a server as the machine sees it: its memory, its rights, and the work it does on a core.</summary>
public sealed class Principal
{
    readonly Cause work;
    readonly Footprint stub;
    readonly WorkingSet workingSet;
    readonly double codeDensity;
    readonly double dataDensity;
    double codeLines;
    double dataLines;

    internal Principal(Owner owner, Place place, Cause work, ProgramSpec program, Footprint stub, WorkingSet workingSet, Signal replied)
    {
        Owner = owner;
        Place = place;
        this.work = work;
        this.stub = stub;
        this.workingSet = workingSet;
        codeDensity = program.CodeDensity.Value / 1000;
        dataDensity = program.DataDensity.Value / 1000;
        Replied = replied;
    }

    public Owner Owner { get; }
    internal Place Place { get; }

    /// <summary>The code that receives calls.</summary>
    internal Region EntryCode => stub.Touches[0].Region;

    /// <summary>The principal as one end of a path. Fixed when it first calls or is called, after its shared memory is known.</summary>
    public PathEnd End => field ??= new PathEnd(Owner, Place.Space, Place.View, Place.Rights);

    /// <summary>Wakes the caller of a call when its reply has come.</summary>
    internal Signal Replied { get; }

    /// <summary>Loads its address space, view, rights and privilege on a core that ran nothing of it before.</summary>
    internal void Start(Core core)
    {
        core.Ring = Ring.Kernel;
        core.SwitchView(End.EptView);
        core.WriteCr3(End.Space, Place.InKernel, flush: true, Owner);
        core.WritePkru(End.Rights);
        if (!Place.InKernel) core.Ring = Ring.User;
    }

    /// <summary>Touches what it needs to go on when it gets control.</summary>
    internal void Resume(Core core) => core.Run(Owner, stub);

    /// <summary>Works for so many cycles, and touches its working set in proportion. The price of work holds the misses of its own.</summary>
    internal void Work(Core core, double cycles, int number)
    {
        core.Ledger.Charge(work, cycles, number);
        codeLines += cycles * codeDensity;
        dataLines += cycles * dataDensity;
        var (code, data) = ((int)codeLines, (int)dataLines);
        codeLines -= code;
        dataLines -= data;
        core.Touch(Owner, workingSet, code, data, refillInPrice: true);
    }
}
