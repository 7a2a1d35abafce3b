using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>Carries out the privileged instructions of servers that a design deprives of their privilege, and charges what that takes beside the instructions themselves.</summary>
sealed class Deprivation
{
    readonly DeprivationSpec spec;
    readonly Core core;
    readonly Provenance provenance;
    readonly StepProgram? exit;
    readonly StepProgram? gate;
    readonly PathEnd kernel;
    readonly Owner monitor;
    readonly HashSet<(Owner, PrivilegedClass)> rewritten = [];

    /// <param name="spec">What becomes of each class.</param>
    /// <param name="core">The core that servers run on.</param>
    /// <param name="provenance">Numbers of the machine.</param>
    /// <param name="exit">The way to the monitor and back; null where nothing exits.</param>
    /// <param name="gate">The way of a server to the microkernel and back; null where nothing is rewritten.</param>
    /// <param name="kernel">The microkernel as the end of that way.</param>
    /// <param name="monitor">Who owns the monitor's code.</param>
    public Deprivation(DeprivationSpec spec, Core core, Provenance provenance, StepProgram? exit, StepProgram? gate, PathEnd kernel, Owner monitor)
    {
        this.spec = spec;
        this.core = core;
        this.provenance = provenance;
        this.exit = exit;
        this.gate = gate;
        this.kernel = kernel;
        this.monitor = monitor;
    }

    /// <summary>A server on the core comes to privileged instructions of a class.</summary>
    public void Execute(PathEnd server, PrivilegedClass instructions, int times)
    {
        var handling = spec.Of(instructions);
        for (var n = 0; n < times; n++)
        {
            if (handling == PrivilegedHandling.Exit) RoundTrip(exit!, server, server, monitor);
            if (handling == PrivilegedHandling.Rewritten) CallKernel(server, instructions);
        }
    }

    /// <summary>Charges what checks of control flow add to work.</summary>
    public void Check(double work)
    {
        if (spec.Checks is { } checks) core.Ledger.Charge(Cause.WorkServer, work * checks.Value, provenance.IndexOf(checks));
    }

    /// <summary>All instructions are as they were before any was rewritten.</summary>
    public void Forget() => rewritten.Clear();

    void CallKernel(PathEnd server, PrivilegedClass instructions)
    {
        if (spec.Patch is { } patch && rewritten.Add((server.Owner, instructions))) core.Ledger.Charge(Cause.MonitorExit, patch.Value, provenance.IndexOf(patch));
        RoundTrip(gate!, server, kernel, kernel.Owner);
    }

    void RoundTrip(StepProgram way, PathEnd server, PathEnd callee, Owner carrier)
    {
        way.RunCall(core, server, callee, carrier);
        way.RunReply(core, server, callee, carrier, core.Space);
    }
}
