using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>The microkernel as a process: it wakes for each system call that carries IPC, walks the path's leg, and hands the core on.</summary>
sealed class Kernel
{
    readonly Processor processor;
    readonly Owner owner;
    readonly Signal trap;
    StepProgram program = null!;
    Principal caller = null!;
    Server callee = null!;
    AddressSpace? home;
    bool replying;

    internal Kernel(Simulation environment, Processor processor, Owner owner)
    {
        this.processor = processor;
        this.owner = owner;
        trap = new Signal(environment);
        environment.Process(Run()).Named(owner.Name);
    }

    /// <summary>A caller traps to call a server.</summary>
    internal void Call(StepProgram program, Principal caller, Server callee) => Trap(program, caller, callee, replying: false, home: null);

    /// <summary>A server traps to answer its caller, which if it is in the kernel called from the address space <paramref name="home"/>.</summary>
    internal void Reply(StepProgram program, Principal caller, Server callee, AddressSpace home) => Trap(program, caller, callee, replying: true, home);

    void Trap(StepProgram program, Principal caller, Server callee, bool replying, AddressSpace? home)
    {
        this.program = program;
        this.caller = caller;
        this.callee = callee;
        this.replying = replying;
        this.home = home;
        trap.Set();
    }

    IEnumerable<Event> Run()
    {
        while (true)
        {
            yield return trap.Wait();
            if (replying) program.RunReply(processor.Core, caller.End, callee.Principal.End, owner, home);
            else program.RunCall(processor.Core, caller.End, callee.Principal.End, owner);
            yield return processor.Spend();
            (replying ? caller.Replied : callee.Called).Set();
        }
    }
}
