using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// How one kind of caller reaches servers in a system. A path that enters the kernel is walked by the kernel's process; the code of a gate
/// runs on the caller, and its time passes when the callee spends what the core's ledger has booked.
/// </summary>
sealed class Crossing
{
    readonly StepProgram program;
    readonly Kernel kernel;
    readonly Processor processor;
    readonly Owner gate;
    readonly bool entersKernel;

    public Crossing(StepProgram program, Kernel kernel, Processor processor, Owner gate)
    {
        this.program = program;
        this.kernel = kernel;
        this.processor = processor;
        this.gate = gate;
        entersKernel = program.Call.Any(step => step.Source.Kind.EntersKernel());
    }

    /// <summary>Calls a server; yield the event to wait for its reply.</summary>
    public Event Call(Principal caller, Server callee, in ServerRequest request)
    {
        callee.Accept(request, caller, this);
        if (entersKernel)
        {
            kernel.Call(program, caller, callee);
        }
        else
        {
            program.RunCall(processor.Core, caller.End, callee.Principal.End, gate);
            callee.Called.Set();
        }
        return caller.Replied.Wait();
    }

    /// <summary>Answers the caller of a server.</summary>
    public void Reply(Principal caller, Server callee)
    {
        if (entersKernel)
        {
            kernel.Reply(program, caller, callee);
        }
        else
        {
            program.RunReply(processor.Core, caller.End, callee.Principal.End, gate);
            caller.Replied.Set();
        }
    }
}
