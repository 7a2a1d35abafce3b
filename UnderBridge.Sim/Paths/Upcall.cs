namespace UnderBridge.Sim.Paths;

/// <summary>
/// The path from an in-kernel server out to one in a process: a gate into the microkernel, then the kernel's own IPC, of which the entry of
/// the call and the exit of the reply fall away. So every kernel has it, and its prices are those of the two.
/// </summary>
static class Upcall
{
    /// <param name="gate">From an in-kernel server through a gate.</param>
    /// <param name="native">The kernel's IPC between processes.</param>
    public static IpcPath Of(IpcPath gate, IpcPath native) => native with
    {
        Name = $"{native.Name}-from-kernel",
        Title = $"{native.Title}, called from the kernel",
        Caller = gate.Caller,
        Call = [.. gate.Call.Where(step => step.Kind != StepKind.Authenticate).Select(IntoKernel), .. native.Call.SkipWhile(Enters)],
        Reply = [.. native.Reply.Reverse().SkipWhile(Leaves).Reverse(), .. gate.Reply],
        Numbers = native.Numbers.Concat(gate.Numbers).DistinctBy(number => number.Key).ToDictionary(),
        Footprints = native.Footprints.Concat(gate.Footprints).DistinctBy(footprint => footprint.Key).ToDictionary(),
    };

    static Step IntoKernel(Step step) => step.Target == StepTarget.Callee ? step with { Target = StepTarget.Kernel } : step;

    static bool Enters(Step step) => step.Kind.EntersKernel() || step.Kind == StepKind.Swapgs || step is { Kind: StepKind.WriteCr3, Target: StepTarget.Kernel };

    static bool Leaves(Step step) => step.Kind.LeavesKernel() || step.Kind == StepKind.Swapgs || step is { Kind: StepKind.WriteCr3, Target: StepTarget.User };
}
