using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>
/// A leg of a path between cores, cut at its IPI: what the core that sends does, and what the core that the IPI goes to does once it is awake. A leg without an
/// IPI stays on one core, and all of it sends.
/// </summary>
sealed record Leg(IReadOnlyList<CompiledStep> Send, IReadOnlyList<CompiledStep> Receive)
{
    public static Leg Of(IReadOnlyList<CompiledStep> steps)
    {
        var cut = steps.TakeWhile(step => step.Source.Kind != StepKind.Ipi).ToList();
        return new Leg(cut, [.. steps.Skip(cut.Count).Where(step => step.Source.Kind is not (StepKind.Ipi or StepKind.Wake))]);
    }

    public static bool CrossesCores(IpcPath path) => path.Call.Any(step => step.Kind == StepKind.Ipi);
}

/// <summary>Both legs of a path.</summary>
sealed record Legs(Leg Call, Leg Reply)
{
    public static Legs Of(StepProgram program) => new(Leg.Of(program.Call), Leg.Of(program.Reply));
}
