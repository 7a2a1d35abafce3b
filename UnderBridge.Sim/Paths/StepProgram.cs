using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Paths;

/// <summary>One end of a path on a machine: whose code it is, and the address space, EPT view and rights that it runs with.</summary>
sealed record PathEnd(Owner Owner, AddressSpace Space, int EptView, uint Rights);

/// <summary>A step with its price looked up and its meaning decided.</summary>
sealed record CompiledStep(Step Source, Cause Cause, double Cycles, Sourced<double>? Number, int NumberIndex, Footprint? Footprint);

/// <summary>A path compiled for one machine and one kernel: the steps that apply, priced, ready to run on a core.</summary>
sealed class StepProgram
{
    readonly KernelFeatures features;
    readonly bool switchesThread;

    StepProgram(IpcPath path, KernelFeatures features, CompiledStep[] call, CompiledStep[] reply)
    {
        Path = path;
        this.features = features;
        switchesThread = call.Any(step => step.Source.Kind == StepKind.SwitchThread);
        Call = call;
        Reply = reply;
    }

    public IpcPath Path { get; }
    public IReadOnlyList<CompiledStep> Call { get; }
    public IReadOnlyList<CompiledStep> Reply { get; }

    /// <summary>Price of both legs on a warm core, without refills: cycles.</summary>
    public double RoundTripPrice => Call.Sum(step => step.Cycles) + Reply.Sum(step => step.Cycles);

    /// <summary>
    /// Compiles a path that the verifier accepts. <paramref name="footprints"/> turns a footprint of the path into lines of the machine's memory, or is null
    /// where only prices matter. <paramref name="costs"/> prices the steps, by default as the machine does.
    /// </summary>
    public static StepProgram Compile(
        IpcPath path, KernelFeatures features, HardwareProfile machine, Provenance provenance, Func<PathFootprint, Footprint>? footprints, StepCosts? costs = null)
    {
        var compiler = new Compiler(path, features, machine, provenance, footprints, costs ?? StepCosts.OfMachine);
        var call = compiler.Leg(path.Call);
        var reply = compiler.Leg(path.Reply);
        return new StepProgram(path, features, call, reply);
    }

    /// <summary>Carries control from caller to callee on a core, charging its ledger; <paramref name="carrier"/> owns the code of the path.</summary>
    public void RunCall(Core core, PathEnd caller, PathEnd callee, Owner carrier) => Run((CompiledStep[])Call, core, caller, callee, caller, carrier, home: null);

    /// <summary>Carries control back from callee to caller, which if it is in the kernel called from the address space <paramref name="home"/>.</summary>
    public void RunReply(Core core, PathEnd caller, PathEnd callee, Owner carrier, AddressSpace? home = null) =>
        Run((CompiledStep[])Reply, core, caller, callee, switchesThread ? callee : caller, carrier, Path.Caller == Placement.KernelDomain ? home : null);

    void Run(CompiledStep[] steps, Core core, PathEnd caller, PathEnd callee, PathEnd thread, Owner carrier, AddressSpace? home)
    {
        foreach (var step in steps)
        {
            var target = step.Source.Target == StepTarget.Callee ? callee : caller;
            switch (step.Source.Kind)
            {
                case StepKind.SyscallEntry or StepKind.Trap: (core.Ring, core.Stack) = (Ring.Kernel, carrier); break;
                case StepKind.Sysret or StepKind.Iret: (core.Ring, core.Stack) = (Ring.User, thread.Owner); break;
                case StepKind.SwitchThread: thread = target; break;
                case StepKind.SwitchStack: core.Stack = step.Source.Target == StepTarget.Kernel ? carrier : target.Owner; break;
                case StepKind.Wrpkru or StepKind.WritePkrs: core.WritePkru(step.Source.Target == StepTarget.Kernel ? Pkru.AllowAll : target.Rights); break;
                case StepKind.VmExit: core.Ring = Ring.Root; break;
                case StepKind.VmEntry: core.Ring = Path.Caller is Placement.KernelDomain or Placement.KernelCode ? Ring.Kernel : Ring.User; break;
                case StepKind.Vmfunc: core.SwitchView(target.EptView); break;
                case StepKind.Ipi: core.StandInFor(ReferenceEquals(core.Space, caller.Space) ? callee.Space : caller.Space, features.Kpti); break;
                case StepKind.Ibpb: core.FlushBranchPredictor(carrier); break;
                case StepKind.WriteCr3: WriteCr3(step.Source.Target, core, home is not null && ReferenceEquals(thread, caller) ? home : thread.Space, carrier); break;
            }
            if (step.Cycles != 0) core.Ledger.Charge(step.Cause, step.Cycles, step.NumberIndex);
            if (step.Footprint is { } footprint) core.Run(carrier, footprint);
        }
    }

    void WriteCr3(StepTarget target, Core core, AddressSpace threadSpace, Owner carrier)
    {
        var space = target == StepTarget.Kernel ? core.Space! : threadSpace;
        var kernelView = features.Kpti && target != StepTarget.User;
        core.WriteCr3(space, kernelView, flush: !features.Pcid, carrier);
    }

    sealed class Compiler(
        IpcPath path, KernelFeatures features, HardwareProfile machine, Provenance provenance, Func<PathFootprint, Footprint>? footprints,
        StepCosts costs)
    {
        PathState state = PathState.Start(path, features);

        public CompiledStep[] Leg(IReadOnlyList<Step> steps)
        {
            var compiled = new List<CompiledStep>();
            foreach (var step in steps)
            {
                if (!step.When.Holds(features, PathVerifier.SpaceChanges(path))) continue;
                compiled.Add(Compile(step));
                state = state.After(step, features);
            }
            return [.. compiled];
        }

        CompiledStep Compile(Step step)
        {
            var cause = state.CauseOf(step, features);
            var price = Price(step, cause);
            var footprint = step.Footprint is { } name && footprints is not null ? footprints(path.Footprints[name]) : null;
            return new CompiledStep(step, cause, price?.Cycles ?? 0, price?.Number, price is { } paid ? provenance.IndexOf(paid.Number) : 0, footprint);
        }

        StepPrice? Price(Step step, Cause cause)
        {
            if (step.Price is not { } key) return costs.Of(step, cause, machine);
            return path.Price(key, machine) is { } number ? new StepPrice(number) : null;
        }
    }
}
