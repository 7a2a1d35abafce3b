namespace UnderBridge.Sim.Paths;

/// <summary>
/// The path into one of several protection-key domains of another process: a kernel's own IPC to the process, whose entry code takes the rights of the domain
/// that is called, and gives them back before it leaves. So every kernel has it, and its prices are those of the two.
/// </summary>
static class DomainEntry
{
    /// <param name="native">The kernel's IPC between processes.</param>
    public static IpcPath Of(IpcPath native) => native with
    {
        Name = $"{native.Name}-into-domain",
        Title = $"{native.Title}, into a domain of a process",
        Callee = Placement.UserDomain,
        Call = [.. native.Call, new Step(StepKind.Wrpkru, StepTarget.Callee, null, StepCondition.Always, null, native.Call[^1].Line)],
        Reply = [new Step(StepKind.Wrpkru, StepTarget.Caller, null, StepCondition.Always, null, native.Reply[0].Line), .. native.Reply],
    };
}
