using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Paths;

/// <summary>A step that breaks a rule, as <c>underbridge-gate:6: write-cr3: MOV to CR3 is privileged</c>.</summary>
/// <param name="Path">Name of the path.</param>
/// <param name="Line">Line of the step in the path's file, from 1; 0 for the path as a whole.</param>
/// <param name="Step">Kind of the step, as files spell it.</param>
/// <param name="Reason">The rule that it breaks.</param>
public sealed record PathFault(string Path, int Line, string Step, string Reason)
{
    public override string ToString() => FormattableString.Invariant($"{Path}:{Line}: {Step}: {Reason}");
}

/// <summary>
/// Walks a path over privilege, page table, EPT view, rights and stack before anything runs, and refuses one that real hardware would
/// refuse, that hands the callee the caller's rights, or whose reply does not put everything back.
/// </summary>
sealed class PathVerifier
{
    readonly IpcPath path;
    readonly KernelFeatures features;
    readonly HardwareProfile machine;
    readonly StepCosts costs;
    readonly List<PathFault> faults = [];

    PathVerifier(IpcPath path, KernelFeatures features, HardwareProfile machine, StepCosts costs)
    {
        this.costs = costs;
        this.path = path;
        this.features = features;
        this.machine = machine;
    }

    /// <summary>
    /// Every fault of the path under these features on this machine; none means it may run. <paramref name="costs"/> prices the steps, by default as the machine does.
    /// </summary>
    public static IReadOnlyList<PathFault> Verify(IpcPath path, KernelFeatures features, HardwareProfile machine, StepCosts? costs = null)
    {
        var verifier = new PathVerifier(path, features, machine, costs ?? StepCosts.OfMachine);
        verifier.Walk();
        return verifier.faults;
    }

    void Walk()
    {
        var start = PathState.Start(path, features);
        var called = Walk(path.Call, start);
        CheckCalled(called, LastLine(path.Call));
        var replied = Walk(path.Reply, called);
        CheckReplied(start, replied, LastLine(path.Reply));
    }

    PathState Walk(IReadOnlyList<Step> steps, PathState state)
    {
        foreach (var step in steps)
        {
            if (!step.When.Holds(features, SpaceChanges(path))) continue;
            CheckStep(step, state);
            state = state.After(step, features);
        }
        return state;
    }

    /// <summary>True when caller and callee are different processes, or the caller is in the kernel and runs in the space of another process.</summary>
    public static bool SpaceChanges(IpcPath path) =>
        path is { Caller: Placement.UserProcess or Placement.KernelDomain, Callee: Placement.UserProcess or Placement.UserDomain, Isolation: Isolation.AddressSpace };

    void CheckStep(Step step, PathState state)
    {
        if (step.Kind.IsPrivileged() && !state.Privileged) Refuse(step, $"{Mnemonic(step.Kind)} is privileged, and this runs in user mode");
        if (features.Kpti && state.Privileged && !state.KernelTable && !step.Kind.RunsInStub())
            Refuse(step, "KPTI hides the kernel until CR3 holds its page table");
        if (step.Kind == StepKind.SyscallEntry && state.Privileged) Refuse(step, "SYSCALL from kernel mode");
        if (step.Kind == StepKind.Trap && state.Privileged) Refuse(step, "a trap from kernel mode");
        if (step.Kind.LeavesKernel()) CheckSysret(step, state);
        if (step.Kind == StepKind.LockAcquire && state.Locked) Refuse(step, "the lock is already held");
        if (step.Kind == StepKind.LockRelease && !state.Locked) Refuse(step, "the lock is not held");
        if (step.Kind == StepKind.Ipi && state.Locked) Refuse(step, "leaves the core with the kernel's lock held");
        if (step.Kind == StepKind.Wake && !state.Interrupted) Refuse(step, "no IPI has interrupted this core");
        if (step.Kind != StepKind.Wake && state.Interrupted) Refuse(step, "the core that the IPI interrupted has not left idle");
        if (TakesRightsOfCallee(step) && MustAuthenticate() && !state.Authenticated)
            Refuse(step, "takes the callee's rights before anything authenticated the caller");
        if (!step.Kind.Accepts(step.Target)) Refuse(step, $"a target '{Kebab.Of(step.Target)}' means nothing here");
        else if (step.Kind is StepKind.Block or StepKind.Unblock) CheckWaiting(step, state);
        if (step.Kind == StepKind.VmExit && state.InMonitor) Refuse(step, "the monitor has control already");
        if (step.Kind == StepKind.VmEntry && !state.InMonitor) Refuse(step, "the monitor has no control to give back");
        CheckPrice(step, state);
    }

    void CheckWaiting(Step step, PathState state)
    {
        var (who, waits) = step.Target == StepTarget.Caller ? ("caller", state.CallerBlocked) : ("callee", !state.CalleeWoken);
        if (step.Kind == StepKind.Block && waits) Refuse(step, $"the {who} waits already");
        if (step.Kind == StepKind.Unblock && !waits) Refuse(step, $"the {who} does not wait");
    }

    void CheckSysret(Step step, PathState state)
    {
        if (features.Kpti && state.KernelTable) Refuse(step, "returns to user mode with the kernel's page table loaded");
        if (!state.SpaceLoaded) Refuse(step, "returns to a thread whose address space is not loaded");
        if (state.KernelGs) Refuse(step, "returns to user mode with the kernel's GS");
        if (state.Locked) Refuse(step, "returns to user mode with the kernel's lock held");
    }

    void CheckPrice(Step step, PathState state)
    {
        if (step.Price is { } key)
        {
            if (path.Price(key, machine) is not { } number) Refuse(step, $"the path has no number '{key}' for {machine.Name}");
            // What corrects others of its leg is negative.
            else if (!double.IsFinite(number.Value)) Refuse(step, FormattableString.Invariant($"its number '{key}' is {number.Value} cycles"));
        }
        else if (costs.Of(step, state.CauseOf(step, features), machine) is { } paid && !Amounts.IsAmount(paid.Cycles))
        {
            Refuse(step, FormattableString.Invariant($"its cost model prices it at {paid.Cycles} cycles ({paid.Number.Name})"));
        }
        else if (step.Kind.MachinePrice() is { } price && costs.Of(step, state.CauseOf(step, features), machine) is null)
        {
            Refuse(step, $"{machine.Name} has no price '{price}'");
        }
        else if (step.Kind.MustNamePrice())
        {
            Refuse(step, "names no number for what it costs");
        }
        if (step.Footprint is not { } name) return;
        if (!path.Footprints.TryGetValue(name, out var footprint)) Refuse(step, $"the path has no footprint '{name}'");
        else if (footprint.Counts.FirstOrDefault(count => !Amounts.IsAmount(count.Number)) is { } wrong) Refuse(step, FormattableString.Invariant($"{wrong.Name} is {wrong.Number} {wrong.Unit}"));
    }

    void CheckCalled(PathState state, int line)
    {
        var inKernel = path.Callee is Placement.KernelDomain or Placement.KernelCode;
        Require(state.Privileged == inKernel, line, "call", inKernel ? "the callee starts in user mode" : "the callee starts in kernel mode");
        Require(!state.Locked, line, "call", "the callee starts with the kernel's lock held");
        Require(!state.InMonitor, line, "call", "the callee starts while the monitor has control");
        if (path.Isolation == Isolation.None) return;
        Require(state.Stack == Side.Callee, line, "call", "the callee runs on a stack that is not its own");
        var confined = path.Isolation switch
        {
            Isolation.AddressSpace => state.Space == Side.Callee,
            Isolation.EptView => state.View == Side.Callee,
            _ => state.Rights == Side.Callee,
        };
        Require(confined, line, "call", "the callee runs with the caller's rights; say 'isolation: none' if that is meant");
    }

    void CheckReplied(PathState start, PathState end, int line)
    {
        Require(end.Privileged == start.Privileged, line, "reply", "does not restore the caller's privilege");
        Require(end.KernelTable == start.KernelTable, line, "reply", "does not restore the caller's page table");
        // Every process maps the kernel, and under KPTI each exit loads the space to return to: a caller in the kernel may find itself in another.
        Require(end.Space == start.Space || features.Kpti && start.Privileged, line, "reply", "does not restore the caller's address space");
        Require(end.View == start.View, line, "reply", "does not restore the caller's EPT view");
        Require(end.Rights == start.Rights, line, "reply", "does not restore the caller's rights");
        Require(end.Stack == start.Stack, line, "reply", "does not restore the caller's stack");
        Require(end.Thread == start.Thread, line, "reply", "leaves the kernel's current thread at the callee");
        Require(end.KernelGs == start.KernelGs, line, "reply", "does not restore GS");
        Require(!end.InMonitor, line, "reply", "leaves the monitor in control");
        Require(!end.CalleeWoken, line, "reply", "leaves the callee runnable, with no call to serve");
        Require(!end.CallerBlocked, line, "reply", "the caller waits, and nothing wakes it");
    }

    static bool TakesRightsOfCallee(Step step) => step is { Kind: StepKind.Wrpkru or StepKind.WritePkrs or StepKind.Vmfunc or StepKind.SwitchThread, Target: StepTarget.Callee };

    // Inside one process the library's own entry points are the check (ERIM, Hodor); across processes and in the kernel a capability is.
    bool MustAuthenticate() => path.Isolation != Isolation.None && path.Callee != Placement.UserDomain;

    void Require(bool holds, int line, string leg, string reason)
    {
        if (!holds) faults.Add(new PathFault(path.Name, line, leg, reason));
    }

    void Refuse(Step step, string reason) => faults.Add(new PathFault(path.Name, step.Line, Kebab.Of(step.Kind), reason));

    static int LastLine(IReadOnlyList<Step> steps) => steps.Count == 0 ? 0 : steps[^1].Line;

    static string Mnemonic(StepKind kind) => kind switch
    {
        StepKind.WriteCr3 => "MOV to CR3",
        StepKind.Swapgs => "SWAPGS",
        StepKind.Sysret => "SYSRET",
        StepKind.WritePkrs => "WRMSR",
        StepKind.Iret => "IRET",
        StepKind.FpuEnable => "CLTS",
        StepKind.FpuDisable => "MOV to CR0",
        StepKind.Ibpb => "WRMSR to IA32_PRED_CMD",
        StepKind.Ipi => "the interrupt controller",
        _ => Kebab.Of(kind),
    };
}
