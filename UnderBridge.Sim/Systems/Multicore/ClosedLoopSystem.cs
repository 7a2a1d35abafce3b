using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems.Multicore;

/// <summary>
/// A system on several cores under a closed loop. Where the app's path crosses cores, threads of the server wait on cores of their own for messages and IPIs;
/// elsewhere the server runs on the caller's core, by a thread that migrates or by one of its own there, and no other core takes part. Crossings pay
/// their steps and touch the kernel's lines; protection is that of single-core runs and not checked again here.
/// </summary>
sealed class ClosedLoopSystem
{
    readonly ClosedLoopSpec load;
    readonly SystemSpec spec;
    readonly Simulation environment;
    readonly Machine machine;
    readonly AddressSpace space;
    readonly Owner kernel;
    readonly Owner server;
    readonly List<SharedCore> cores;
    readonly List<SpinLock> kernelLocks;
    readonly SpinLock serverLock;
    readonly Region state;
    readonly Legs legs;
    readonly bool crossesCores;
    readonly Queue<Worker> messages = new();
    readonly Queue<Worker> resting = new();
    readonly List<long> completions = [];
    readonly List<long> responses = [];
    bool stopping;

    /// <param name="spec">Machine, kernel, design and paths; the verifier accepts them.</param>
    /// <param name="client">What a client's work touches.</param>
    /// <param name="server">What the server's work touches.</param>
    /// <param name="load">The loop.</param>
    /// <param name="seed">Of the random streams.</param>
    public ClosedLoopSystem(SystemSpec spec, ProgramSpec client, ProgramSpec server, ClosedLoopSpec load, int seed)
    {
        if (spec.Design.KernelLock != KernelLock.None)
            spec = spec with { Kernel = spec.Kernel with { Features = spec.Kernel.Features with { Smp = true, Swapgs = true } } };
        spec.Check();
        (this.spec, this.load) = (spec, load);
        environment = new Simulation(seed);
        machine = new Machine(spec.Machine, load.Cores, seed);
        kernel = machine.AddOwner(spec.Kernel.Title, OwnerKind.Kernel);
        this.server = machine.AddOwner("server", OwnerKind.Server);
        var clients = machine.AddOwner("clients", OwnerKind.App);
        space = machine.AddSpace("all", kpti: false);
        state = Data("server state", this.server, pages: 1);
        cores = [.. machine.Cores.Select(core => new SharedCore(environment, core))];
        foreach (var core in machine.Cores)
        {
            core.WriteControl(spec.Control, kernel);
            core.WriteCr3(space, kernelView: false, flush: true, kernel);
        }
        kernelLocks = spec.Design.KernelLock == KernelLock.Big ? [new SpinLock(environment)] : [.. cores.Select(_ => new SpinLock(environment))];
        serverLock = new SpinLock(environment);
        crossesCores = Leg.CrossesCores(spec.AppPath) && load.Cores > load.ServerCores;
        legs = Legs.Of(Compile(Leg.CrossesCores(spec.AppPath) && !crossesCores ? spec.ServerPath : spec.AppPath));
        Start(client, clients, server, seed);
    }

    public Provenance Provenance => machine.Provenance;
    public IReadOnlyList<Core> Cores => machine.Cores;

    /// <summary>The system as it runs: built for several cores where its kernel has a lock.</summary>
    public SystemSpec Spec => spec;

    /// <summary>Cycles at which each request was answered, in order, warm-up and those under way at the end included.</summary>
    public IReadOnlyList<long> Completions => completions;

    /// <summary>Cycles from each call to its reply, in the same order.</summary>
    public IReadOnlyList<long> Responses => responses;

    /// <summary>Cycles since the start.</summary>
    public long Elapsed => environment.Ticks;

    /// <summary>Runs until so many requests were answered, and those under way are too.</summary>
    /// <exception cref="InvalidOperationException">A core's ledger does not add up to the time that passed.</exception>
    public void Run()
    {
        environment.Run();
        foreach (var core in cores) core.Close();
    }

    void Start(ProgramSpec client, Owner clients, ProgramSpec server, int seed)
    {
        var first = crossesCores ? load.ServerCores : 0;
        var (think, service) = (Number("think", load.Think), Number("service", load.Service));

        Worker Add(string name, SharedCore home, Owner owner, Cause work, int number, ProgramSpec program, WorkingSet? shared = null) =>
            new(home, owner, work, number, shared ?? Memory(name, owner, program, seed), program, new Signal(environment, name));

        // One program and one set of data, whichever core runs it.
        var servers = Memory("server", this.server, server, seed);
        for (var i = 0; i < (crossesCores ? load.ServerCores : 0); i++)
            environment.Process(Serve(Add($"server {i}", cores[i], this.server, Cause.WorkServer, service, server, servers), environment.Stream($"service {i}")));
        for (var i = first; i < load.Cores; i++)
            for (var n = 0; n < load.ClientsPerCore; n++)
            {
                var worker = Add($"client {i}.{n}", cores[i], clients, Cause.WorkApp, think, client);
                var here = Add($"server for {i}.{n}", cores[i], this.server, Cause.WorkServer, service, server, servers);
                environment.Process(Client(worker, here, environment.Stream($"client {i}.{n}")));
            }
    }

    // What an experiment varies is nobody's published number.
    int Number(string key, double value) => Provenance.IndexOf(new Sourced<double>($"workload.{key}", value, "cycles", Grade.Assumed, new Citation("user", "the workload of the scenario")));

    IEnumerable<Event> Client(Worker self, Worker here, IRandom random)
    {
        var core = self.Home;
        foreach (var wait in core.Enter(self)) yield return wait;
        while (!stopping)
        {
            foreach (var wait in Work(self, core, Draw(random, load.Think))) yield return wait;
            var called = environment.Ticks;
            foreach (var wait in crossesCores ? CallAcross(self) : CallHere(self, here, random)) yield return wait;
            completions.Add(environment.Ticks);
            responses.Add(environment.Ticks - called);
            stopping |= completions.Count >= load.WarmUp + load.Requests;
        }
        core.Leave();
    }

    IEnumerable<Event> CallHere(Worker self, Worker here, IRandom random)
    {
        var core = self.Home;
        foreach (var wait in Walk(legs.Call.Send, core)) yield return wait;
        foreach (var wait in Answer(here, core, random)) yield return wait;
        foreach (var wait in Walk(legs.Reply.Send, core)) yield return wait;
    }

    IEnumerable<Event> CallAcross(Worker self)
    {
        var core = self.Home;
        foreach (var wait in Walk(legs.Call.Send, core)) yield return wait;
        messages.Enqueue(self);
        if (resting.TryDequeue(out var called))
            foreach (var wait in Wake(called, from: core)) yield return wait;
        core.Leave();
        foreach (var wait in Awake(self)) yield return wait;
        foreach (var wait in Walk(legs.Reply.Receive, core)) yield return wait;
    }

    IEnumerable<Event> Serve(Worker self, IRandom random)
    {
        var core = self.Home;
        foreach (var wait in core.Enter(self)) yield return wait;
        while (true)
        {
            while (messages.Count == 0)
            {
                resting.Enqueue(self);
                core.Leave();
                foreach (var wait in Awake(self)) yield return wait;
            }
            var caller = messages.Dequeue();
            foreach (var wait in Walk(legs.Call.Receive, core)) yield return wait;
            foreach (var wait in Answer(self, core, random)) yield return wait;
            foreach (var wait in Walk(legs.Reply.Send, core)) yield return wait;
            foreach (var wait in Wake(caller, from: core)) yield return wait;
        }
    }

    // An idle core must be interrupted to look at its run queue; a busy one looks by itself. The sender writes the interrupt controller's register.
    static IEnumerable<Event> Wake(Worker worker, SharedCore from)
    {
        worker.Interrupted = worker.Home.IsIdle;
        if (worker.Interrupted)
        {
            from.Core.Charge(Cause.Ipi, IpiWrite, 1);
            yield return from.Spend();
        }
        worker.Woken.Set();
    }

    // Of the price of an IPI, the receiver's core has what the sender does not pay: delivery, in which it can do nothing else, and the interrupt.
    IEnumerable<Event> Awake(Worker self)
    {
        yield return self.Woken.Wait();
        foreach (var wait in self.Home.Enter(self)) yield return wait;
        if (!self.Interrupted) yield break;
        var core = self.Home.Core;
        var ipi = spec.Machine.Price("ipi");
        core.Ledger.Charge(Cause.Ipi, Math.Max(0, ipi.Value - spec.Machine.Price(IpiWrite).Value), Provenance.IndexOf(ipi));
        core.Charge(Cause.Schedule, "wake", 1);
        yield return self.Home.Spend();
    }

    const string IpiWrite = "wrmsr";

    // The server's work for one request, part of it under its lock where several of its threads may run.
    IEnumerable<Event> Answer(Worker self, SharedCore core, IRandom random)
    {
        var service = Draw(random, load.Service);
        var alone = crossesCores && load.ServerCores == 1 || load.Cores == 1;
        var locked = alone ? 0 : service * load.LockedShare;
        if (locked > 0)
        {
            yield return core.Spend();
            foreach (var wait in serverLock.Acquire(core)) yield return wait;
            core.Core.Charge(Cause.LockWait, "lock-transfer", 1);
        }
        if (load.SharedLines > 0) core.Core.Touch(server, state, 0, Math.Min(load.SharedLines, state.Lines), write: true);
        if (locked > 0)
        {
            self.Work(core.Core, locked);
            yield return core.Spend();
            serverLock.Release();
        }
        self.Work(core.Core, service - locked);
        yield return core.Spend();
    }

    // A client's own work, in slices where it shares its core.
    IEnumerable<Event> Work(Worker self, SharedCore core, double cycles)
    {
        core.SliceEnd = environment.Ticks + (long)load.TimeSlice;
        for (var left = cycles; left > 0;)
        {
            var part = load.TimeSlice > 0 ? Math.Min(left, Math.Max(1, core.SliceEnd - environment.Ticks)) : left;
            self.Work(core.Core, part);
            yield return core.Spend();
            left -= part;
            if (left <= 0) break;
            if (core.IsWanted)
            {
                core.Core.Charge(Cause.Schedule, "interrupt", 1);
                yield return core.Spend();
                core.Leave();
                foreach (var wait in core.Enter(self)) yield return wait;
            }
            core.SliceEnd = environment.Ticks + (long)load.TimeSlice;
        }
    }

    IEnumerable<Event> Walk(IReadOnlyList<CompiledStep> steps, SharedCore core)
    {
        var kernelLock = kernelLocks[core.Core.Index % kernelLocks.Count];
        foreach (var step in steps)
        {
            if (step.Source.Kind == StepKind.LockAcquire)
            {
                yield return core.Spend();
                foreach (var wait in kernelLock.Acquire(core)) yield return wait;
            }
            Take(step, core.Core);
            if (step.Source.Kind != StepKind.LockRelease) continue;
            yield return core.Spend();
            kernelLock.Release();
        }
        yield return core.Spend();
    }

    void Take(CompiledStep step, Core core)
    {
        if (step.Source.Kind == StepKind.WriteCr3) core.WriteCr3(space, kernelView: false, flush: !spec.Kernel.Features.Pcid, kernel);
        if (step.Cycles != 0) core.Ledger.Charge(step.Cause, step.Cycles, step.NumberIndex);
        if (step.Footprint is { } footprint) core.Run(kernel, footprint);
    }

    double Draw(IRandom random, double mean) => load.Exponential && mean > 0 ? Exponential.Sample(random, mean) : mean;

    const double Kib = 1024;

    static int Pages(double kib) => Math.Max(1, (int)Math.Ceiling(kib * Kib / PageSizes.FrameBytes));

    WorkingSet Memory(string name, Owner owner, ProgramSpec program, int seed) =>
        new(name, Code($"{name} code", owner, Pages(program.CodeKib.Value)), Data($"{name} data", owner, Pages(program.DataKib.Value)), seed);

    StepProgram Compile(IpcPath path) => StepProgram.Compile(path, spec.Kernel.Features, spec.Machine, Provenance, Lay);

    Footprint Lay(PathFootprint footprint)
    {
        var size = footprint.PageSize;
        var parts = new List<FootprintPart>();
        if (footprint.CodeLines.Value > 0) parts.Add(new(Code(footprint.CodeLines.Name, kernel, footprint.CodePages.Value, size), footprint.CodeLines.Value, Access.Fetch));
        if (footprint.DataLines.Value > 0) parts.Add(new(Data(footprint.DataLines.Name, kernel, footprint.DataPages.Value, size), footprint.DataLines.Value, Access.Read));
        return new Footprint(footprint.Name, [.. parts]);
    }

    Region Code(string name, Owner owner, int pages, PageSize size = PageSize.Small) => Known(name) ?? Map(new RegionSpec(name, owner, pages) { PageSize = size, Executable = true });

    Region Data(string name, Owner owner, int pages, PageSize size = PageSize.Small) => Known(name) ?? Map(new RegionSpec(name, owner, pages) { PageSize = size, Writable = true });

    Region? Known(string name) => machine.Regions.FirstOrDefault(region => region.Name == name);

    Region Map(RegionSpec region)
    {
        var mapped = machine.AddRegion(region);
        space.Map(mapped);
        return mapped;
    }
}
