using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>An app or a server as the machine sees it: its memory, its rights, and the work it does on a core.</summary>
public sealed class Principal
{
    readonly Cause work;
    readonly Body inProcess;
    readonly Body inKernel;
    readonly bool staysInSpace;
    readonly double codeDensity;
    readonly double dataDensity;
    readonly List<Connection?> connections = [];
    double codeLines;
    double dataLines;
    PathEnd? end;
    int endVersion;

    internal Principal(Owner owner, Place place, Cause work, ProgramSpec program, Body inProcess, Body inKernel, Signal replied, bool staysInSpace)
    {
        Owner = owner;
        Place = place;
        this.work = work;
        this.inProcess = inProcess;
        this.inKernel = inKernel;
        this.staysInSpace = staysInSpace;
        codeDensity = program.CodeDensity.Value / 1000;
        dataDensity = program.DataDensity.Value / 1000;
        Replied = replied;
    }

    public Owner Owner { get; }

    /// <summary>Where it is now.</summary>
    public Placement Placement => Place.Placement;

    /// <summary>The execution domain that fences it by keys; null where none does.</summary>
    internal ExecutionDomain? Domain => Place.Domain;

    internal Place Place { get; }

    /// <summary>The principal as one end of a path, as it is placed now.</summary>
    internal PathEnd End
    {
        get
        {
            if (end is null || endVersion != Place.Version) (end, endVersion) = (new PathEnd(Owner, Place.Space, Place.View, Place.Rights), Place.Version);
            return end;
        }
    }

    /// <summary>The state that a core is in while this runs. A principal of the kernel runs in whatever address space it was entered from.</summary>
    internal Registers Registers => new(Place.InKernel ? Ring.Kernel : Ring.User, Place.Space, Place.InKernel, Place.View, Place.Rights, Owner);

    /// <summary>Wakes the caller of a call when its reply has come.</summary>
    internal Signal Replied { get; }

    /// <summary>Calls a server by the capability granted for it; yield the event to wait for its reply. The caller has the core.</summary>
    /// <exception cref="CallRefusedException">It was granted none.</exception>
    public Event Call(Server callee, in ServerRequest request)
    {
        var refusal = TryCall(callee, To(callee)?.Token ?? default, request, out var reply);
        return refusal == CallRefusal.None ? reply! : throw new CallRefusedException(Owner, callee.Principal.Owner, refusal);
    }

    /// <summary>
    /// Calls a server with a token that the caller claims to have been given. A call that the kernel or the gate refuses changes nothing and takes no
    /// time here; it has no reply to wait for.
    /// </summary>
    internal CallRefusal TryCall(Server callee, Token token, in ServerRequest request, out Event? reply)
    {
        var refusal = To(callee) is not { } connection ? CallRefusal.NoCapability : connection.Token != token ? CallRefusal.ForgedToken : CallRefusal.None;
        reply = null;
        if (refusal != CallRefusal.None) return refusal;
        callee.Accept(this, request);
        reply = Replied.Wait();
        return refusal;
    }

    Body Now => Place.InKernel ? inKernel : inProcess;

    /// <summary>What it was given to call a server by; null where it was given nothing.</summary>
    internal Connection? To(Server server) => server.Number < connections.Count ? connections[server.Number] : null;

    internal void Connect(Connection connection)
    {
        while (connections.Count <= connection.Callee.Number) connections.Add(null);
        connections[connection.Callee.Number] = connection;
    }

    /// <summary>Loads its address space, view, rights and privilege on a core that ran nothing of it before.</summary>
    public void Start(Core core)
    {
        core.Ring = Ring.Kernel;
        core.SwitchView(End.EptView);
        core.WriteCr3(End.Space, Place.InKernel, flush: true, Owner);
        core.WritePkru(End.Rights);
        core.Stack = Owner;
        if (!Place.InKernel) core.Ring = Ring.User;
    }

    /// <summary>Touches what it needs to go on when it gets control, on a core that must be as it left it.</summary>
    /// <exception cref="UnrestoredException">Something of the core's state is another's.</exception>
    public void Resume(Core core)
    {
        CheckRestored(core);
        core.Run(Owner, Now.Stub);
    }

    /// <summary>Works for so many cycles, and touches its working set in proportion. The price of work holds the misses of its own.</summary>
    internal void Work(Core core, double cycles, int number)
    {
        core.Ledger.Charge(work, cycles, number);
        codeLines += cycles * codeDensity;
        dataLines += cycles * dataDensity;
        var (code, data) = ((int)codeLines, (int)dataLines);
        codeLines -= code;
        dataLines -= data;
        core.Touch(Owner, Now.WorkingSet, code, data, refillInPrice: true);
    }

    // Code linked into the kernel goes on on its caller's stack. Under SkyBridge CR3 stays as it is, and the view says what it
    // means; servers that every app maps run in the space of their caller.
    void CheckRestored(Core core)
    {
        var wrong = core.Ring != Registers.Ring ? "the privilege"
            : core.PkruValue != Place.Rights ? "the PKRU"
            : core.EptView != Place.View ? "the EPT view"
            : !Place.InKernel && !staysInSpace && core.Space != Place.Space ? "the address space"
            : core.Space!.Kpti && core.KernelView != Place.InKernel ? "the page table"
            : core.Stack != Owner && Placement != Placement.KernelCode ? "the stack"
            : null;
        if (wrong is not null) throw new UnrestoredException(Owner, wrong);
    }
}

/// <summary>The memory that a principal runs in: what it touches when it gets control, and what its work touches.</summary>
sealed record Body(Footprint Stub, WorkingSet WorkingSet);

/// <summary>A principal got the core in a state that is not its own: a path did not switch or put back what it must.</summary>
sealed class UnrestoredException(Owner owner, string what) : InvalidOperationException($"{owner.Name} goes on with {what} of another")
{
    public Owner Owner => owner;
}
