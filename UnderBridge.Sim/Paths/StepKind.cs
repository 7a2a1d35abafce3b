using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Paths;

/// <summary>What a step of a path does. The list is closed: a new kind needs a meaning in <see cref="PathVerifier"/> and <see cref="StepProgram"/>.</summary>
public enum StepKind
{
    /// <summary>SYSCALL, and the stub that saves registers and takes the kernel stack.</summary>
    SyscallEntry,

    /// <summary>Restores registers and stack of the current thread, and SYSRET.</summary>
    Sysret,

    /// <summary>An exception or interrupt: the CPU saves the frame and takes the kernel stack. What it costs beyond its handler is in the path's logic, unless the step names it.</summary>
    Trap,

    /// <summary>Restores registers and stack of the current thread, and IRET; priced as a trap is.</summary>
    Iret,

    /// <summary>Exchanges the user's and the kernel's GS.</summary>
    Swapgs,

    /// <summary>MOV to CR3; flushes what it must, by the kernel's use of PCID.</summary>
    WriteCr3,

    /// <summary>WRPKRU: takes the rights of the target.</summary>
    Wrpkru,

    /// <summary>WRMSR to IA32_PKRS: takes the rights of the target over supervisor pages.</summary>
    WritePkrs,

    /// <summary>VMFUNC: takes the EPT view of the target.</summary>
    Vmfunc,

    /// <summary>An instruction that the secure monitor forbids: the CPU leaves to the monitor.</summary>
    VmExit,

    /// <summary>The monitor goes back to where it was called from; priced with the exit.</summary>
    VmEntry,

    /// <summary>A call through a pointer.</summary>
    IndirectCall,

    /// <summary>The return from it.</summary>
    IndirectReturn,

    /// <summary>Takes the stack of the target.</summary>
    SwitchStack,

    /// <summary>Makes the target the kernel's current thread.</summary>
    SwitchThread,

    /// <summary>Checks that the caller may make this call: a capability, a token or a calling key.</summary>
    Authenticate,

    /// <summary>The remaining code of the kernel or gate.</summary>
    Logic,

    /// <summary>An instruction or access by its price alone: it changes nothing that a path is checked for.</summary>
    Instruction,

    /// <summary>Saves and restores the floating-point state.</summary>
    FpuSwitch,

    /// <summary>Clears CR0.TS.</summary>
    FpuEnable,

    /// <summary>Sets CR0.TS.</summary>
    FpuDisable,

    /// <summary>IBPB, by a write to IA32_PRED_CMD: empties the branch predictor, so that one process can not train it against another (Spectre, variant 2).</summary>
    Ibpb,

    /// <summary>Copies the message.</summary>
    Copy,

    /// <summary>Chooses who runs next.</summary>
    Schedule,

    /// <summary>Takes a kernel lock.</summary>
    LockAcquire,

    /// <summary>Releases it.</summary>
    LockRelease,

    /// <summary>The target waits until somebody unblocks it or switches to it.</summary>
    Block,

    /// <summary>The target may run again.</summary>
    Unblock,

    /// <summary>Interrupts the core on which the other end waits; the steps after it run there, in the kernel and in the address space of who waits.</summary>
    Ipi,

    /// <summary>A core that an IPI interrupted leaves idle and looks at its run queue.</summary>
    Wake,
}

/// <summary>What holds for a kind of step wherever it stands.</summary>
static class StepKinds
{
    /// <summary>The price of the machine that the step costs unless it names its own; null where it <see cref="MustNamePrice">must name one</see> or costs nothing.</summary>
    public static string? MachinePrice(this StepKind kind) => kind switch
    {
        StepKind.SyscallEntry or StepKind.Sysret => "syscall-pair",
        StepKind.Swapgs => "swapgs",
        StepKind.WriteCr3 => "cr3-write",
        StepKind.Wrpkru => "wrpkru",
        StepKind.WritePkrs => "wrmsr",
        StepKind.Vmfunc => "vmfunc",
        StepKind.VmExit => "vm-exit",
        StepKind.IndirectCall => "indirect-call",
        StepKind.IndirectReturn => "indirect-return",
        StepKind.FpuSwitch => "fpu-switch",
        StepKind.FpuEnable => "fpu-enable",
        StepKind.FpuDisable => "fpu-disable",
        StepKind.Ibpb => "ibpb",
        StepKind.LockAcquire or StepKind.LockRelease => "lock-transfer",
        StepKind.Ipi => "ipi",
        StepKind.Wake => "wake",
        _ => null,
    };

    /// <summary>True for steps that only the kernel's privilege level may take.</summary>
    public static bool IsPrivileged(this StepKind kind) => kind is StepKind.Sysret or StepKind.Iret or StepKind.Swapgs or StepKind.WriteCr3
        or StepKind.SwitchThread or StepKind.FpuSwitch or StepKind.FpuEnable or StepKind.FpuDisable or StepKind.Ibpb or StepKind.Schedule
        or StepKind.LockAcquire or StepKind.LockRelease or StepKind.Block or StepKind.Unblock
        or StepKind.Ipi or StepKind.Wake or StepKind.WritePkrs;

    /// <summary>True for steps that the entry and exit stubs may take in the user's page table while KPTI hides the kernel.</summary>
    public static bool RunsInStub(this StepKind kind) => kind is StepKind.SyscallEntry or StepKind.Sysret or StepKind.Trap or StepKind.Iret or StepKind.Swapgs or StepKind.WriteCr3;

    /// <summary>True for kinds whose meaning depends on a target.</summary>
    public static bool NeedsTarget(this StepKind kind) => kind is StepKind.WriteCr3 or StepKind.Wrpkru or StepKind.WritePkrs or StepKind.Vmfunc
        or StepKind.SwitchStack or StepKind.SwitchThread or StepKind.Block or StepKind.Unblock;

    /// <summary>True for targets that a kind of step gives a meaning to.</summary>
    public static bool Accepts(this StepKind kind, StepTarget target) => kind switch
    {
        StepKind.WriteCr3 => target is StepTarget.Kernel or StepTarget.User or StepTarget.Thread,
        StepKind.Wrpkru or StepKind.WritePkrs or StepKind.SwitchStack => target is StepTarget.Caller or StepTarget.Callee or StepTarget.Kernel,
        StepKind.Vmfunc or StepKind.SwitchThread or StepKind.Block or StepKind.Unblock => target is StepTarget.Caller or StepTarget.Callee,
        _ => target == StepTarget.None,
    };

    /// <summary>True for kinds that stand for work of any size, so that a path must name a number for each.</summary>
    public static bool MustNamePrice(this StepKind kind) => kind is StepKind.Logic or StepKind.Instruction or StepKind.Copy or StepKind.Schedule;

    /// <summary>True for steps by which control enters the kernel.</summary>
    public static bool EntersKernel(this StepKind kind) => kind is StepKind.SyscallEntry or StepKind.Trap;

    /// <summary>True for steps by which control goes back to user mode.</summary>
    public static bool LeavesKernel(this StepKind kind) => kind is StepKind.Sysret or StepKind.Iret;

    /// <summary>The cause its cycles are booked under; a CR3 write is decided by what it changes.</summary>
    public static Cause Cause(this StepKind kind) => kind switch
    {
        StepKind.SyscallEntry or StepKind.Sysret or StepKind.Trap or StepKind.Iret or StepKind.Swapgs => Observations.Cause.PrivilegeSwitch,
        StepKind.WriteCr3 or StepKind.Vmfunc or StepKind.Ibpb => Observations.Cause.AddressSpaceSwitch,
        StepKind.Wrpkru or StepKind.WritePkrs => Observations.Cause.DomainSwitch,
        StepKind.VmExit or StepKind.VmEntry => Observations.Cause.MonitorExit,
        StepKind.FpuSwitch or StepKind.FpuEnable or StepKind.FpuDisable => Observations.Cause.FpuSwitch,
        StepKind.Copy => Observations.Cause.Copy,
        StepKind.Schedule or StepKind.Block or StepKind.Unblock or StepKind.Wake => Observations.Cause.Schedule,
        StepKind.Ipi => Observations.Cause.Ipi,
        StepKind.LockAcquire or StepKind.LockRelease => Observations.Cause.LockWait,
        _ => Observations.Cause.KernelLogic,
    };
}
