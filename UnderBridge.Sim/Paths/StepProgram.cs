using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Paths;

/// <summary>One end of a path on a machine: whose code it is, and the address space, EPT view and rights that it runs with.</summary>
public sealed record PathEnd(Owner Owner, AddressSpace Space, int EptView, uint Rights);

/// <summary>A step with its price looked up and its meaning decided.</summary>
public sealed record CompiledStep(Step Source, Cause Cause, double Cycles, Sourced<double>? Number, int NumberIndex, Footprint? Footprint);

/// <summary>A path compiled for one machine and one kernel: the steps that apply, priced, ready to run on a core.</summary>
public sealed class StepProgram
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
    /// where only prices matter.
    /// </summary>
    public static StepProgram Compile(
        IpcPath path, KernelFeatures features, HardwareProfile machine, Provenance provenance, Func<PathFootprint, Footprint>? footprints)
    {
        var compiler = new Compiler(path, features, machine, provenance, footprints);
        var call = compiler.Leg(path.Call);
        var reply = compiler.Leg(path.Reply);
        return new StepProgram(path, features, call, reply);
    }

    /// <summary>Carries control from caller to callee on a core, charging its ledger; <paramref name="carrier"/> owns the code of the path.</summary>
    public void RunCall(Core core, PathEnd caller, PathEnd callee, Owner carrier) => Run((CompiledStep[])Call, core, caller, callee, caller, carrier);

    /// <summary>Carries control back from callee to caller.</summary>
    public void RunReply(Core core, PathEnd caller, PathEnd callee, Owner carrier) => 
        Run((CompiledStep[])Reply, core, caller, callee, switchesThread ? callee : caller, carrier);

    void Run(CompiledStep[] steps, Core core, PathEnd caller, PathEnd callee, PathEnd thread, Owner carrier)
    {
        foreach (var step in steps)
        {
            var target = step.Source.Target == StepTarget.Callee ? callee : caller;
            switch (step.Source.Kind)
            {
                case StepKind.SyscallEntry or StepKind.Trap: core.Ring = Ring.Kernel; break;
                case StepKind.Sysret or StepKind.Iret: core.Ring = Ring.User; break;
                case StepKind.SwitchThread: thread = target; break;
                case StepKind.Wrpkru: core.WritePkru(step.Source.Target == StepTarget.Kernel ? Pkru.AllowAll : target.Rights); break;
                case StepKind.Vmfunc: core.SwitchView(target.EptView); break;
                case StepKind.Ibpb: core.FlushBranchPredictor(carrier); break;
                case StepKind.WriteCr3: WriteCr3(step.Source.Target, core, thread, carrier); break;
            }
            if (step.Cycles != 0) core.Ledger.Charge(step.Cause, step.Cycles, step.NumberIndex);
            if (step.Footprint is { } footprint) core.Run(carrier, footprint);
        }
    }

    void WriteCr3(StepTarget target, Core core, PathEnd thread, Owner carrier)
    {
        var space = target == StepTarget.Kernel ? core.Space! : thread.Space;
        var kernelView = features.Kpti && target != StepTarget.User;
        core.WriteCr3(space, kernelView, flush: !features.Pcid, carrier);
    }

    sealed class Compiler(
        IpcPath path, KernelFeatures features, HardwareProfile machine, Provenance provenance, Func<PathFootprint, Footprint>? footprints)
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
            var number = Price(step);
            var footprint = step.Footprint is { } name && footprints is not null ? footprints(path.Footprints[name]) : null;
            var cycles = number is null ? 0 : number.Value * Share(step.Kind);
            return new CompiledStep(step, CauseOf(step), cycles, number, number is null ? 0 : provenance.IndexOf(number), footprint);
        }

        Sourced<double>? Price(Step step) =>
            step.Price is { } key ? path.Price(key, machine) : step.Kind.MachinePrice() is { } price ? machine.Prices[price] : null;

        // The pair of SYSCALL and SYSRET is priced as measured together, because their separate prices do not add up to it.
        double Share(StepKind kind)
        {
            var entry = machine.Prices["syscall-entry-share"].Value;
            return kind switch { StepKind.SyscallEntry => entry, StepKind.Sysret => 1 - entry, _ => 1 };
        }

        // Under KPTI the write that loads the user's table also carries the switch of processes, which would cost the same without KPTI.
        // Logic that is there only under KPTI is KPTI's.
        Cause CauseOf(Step step) =>
            step.Kind == StepKind.Logic && step.When.Needs("kpti") || step.Kind == StepKind.WriteCr3 && features.Kpti && !(step.Target != StepTarget.Kernel && !state.SpaceLoaded)
                ? Cause.Kpti : step.Kind.Cause();
    }
}
