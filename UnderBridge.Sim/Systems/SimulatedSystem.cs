using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>One system put to run: a machine, a kernel and its processes, to which servers and apps are added.</summary>
public sealed class SimulatedSystem
{
    readonly MemoryLayout layout;
    readonly WayTable appWays;
    readonly WayTable serverWays;
    readonly List<Principal> principals = [];
    readonly List<Server> servers = [];
    readonly List<Connection> connections = [];
    readonly Owner kernel;
    readonly Owner gate;
    readonly Kernel kernelProcess;
    readonly Remapping? remapping;
    readonly SharedKeys? sharedKeys;
    readonly int seed;

    const double Kib = 1024;

    /// <summary>Builds the machine and compiles the paths.</summary>
    /// <param name="spec">What to build.</param>
    /// <param name="seed">Decides where memory lies, which lines work touches, and every random stream.</param>
    /// <exception cref="ArgumentException">A number of the machine is negative, infinite or none; the message names it.</exception>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public SimulatedSystem(SystemSpec spec, int seed)
    {
        spec.Check();
        Spec = spec;
        this.seed = seed;
        Environment = new Simulation(seed);
        Machine = new Machine(spec.Machine, cores: 1, seed, eptPages: spec.Design.EptPages);
        kernel = Machine.AddOwner(spec.Kernel.Title, OwnerKind.Kernel);
        Processor = new Processor(Environment, Machine.Cores[0]) { Kernel = kernel };
        gate = Machine.AddOwner($"{spec.Design.Title} gate", OwnerKind.Gate);
        layout = new MemoryLayout(Machine, spec.Kernel.Features, spec.Design, ChangesView, spec.ServerPath.OneSpace);
        foreach (var core in Machine.Cores) core.WriteControl(spec.Control, kernel);
        kernelProcess = new Kernel(Environment, Processor, kernel);
        if (spec.Design.Remapping is { } logic) remapping = new Remapping(this, spec.Kernel.Features.GlobalPages, logic);
        if (spec.Design.BeyondKeys == BeyondKeys.Multiplex) sharedKeys = new SharedKeys(layout, remapping!);
        var ways = spec.Paths.Select(path => new Crossing(Compile(path), kernelProcess, Processor, gate)).ToList();
        appWays = new WayTable(ways);
        serverWays = new WayTable(ways.OrderByDescending(way => way.Program.Path == spec.ServerPath));
        if (spec.Design.Deprivation is { } deprivation) Deprivation = Deprive(deprivation);
    }

    /// <summary>What it was built from.</summary>
    public SystemSpec Spec { get; }

    /// <summary>Where its processes run; one tick is one cycle of the machine's time-stamp counter.</summary>
    public Simulation Environment { get; }
    internal Machine Machine { get; }

    /// <summary>Who gives the core to one process after another.</summary>
    public Processor Processor { get; }

    /// <summary>The one core, with the ledger of its cycles.</summary>
    public Core Core => Processor.Core;
    internal Provenance Provenance => Machine.Provenance;

    /// <summary>The kernel as an owner of memory and code.</summary>
    internal Owner Kernel => kernel;

    /// <summary>Apps and servers, in the order in which they were added.</summary>
    public IReadOnlyList<Principal> Principals => principals;

    /// <summary>Servers, in the order in which they were added.</summary>
    public IReadOnlyList<Server> Servers => servers;

    /// <summary>The state in which the kernel itself runs: domain 0, which reaches everything.</summary>
    internal Registers KernelRegisters => new(Ring.Kernel, layout.KernelSpace, KernelView: true, EptView: 0, Pkru.AllowAll, kernel);

    internal IReadOnlyList<AddressSpace> Spaces => layout.Spaces;

    /// <summary>Where page tables map memory now.</summary>
    internal IEnumerable<Mapping> Mappings => layout.Mappings;

    /// <summary>Who holds the memory domains of the kernel's page table.</summary>
    internal ProtectionKeys Keys => layout.Keys;

    /// <summary>The capabilities to call that were granted.</summary>
    public IReadOnlyList<Connection> Connections => connections;

    /// <summary>The gates that stand now: of each connection of two servers in kernel domains, and of each such server to the kernel.</summary>
    internal IEnumerable<Gate> Gates
    {
        get
        {
            var code = GateCode;
            foreach (var one in connections.Where(one => one.Caller.Placement == Placement.KernelDomain && one.Callee.Principal.Placement == Placement.KernelDomain))
                yield return new Gate(one.Caller.Owner, one.Callee.Principal.Owner, one.Token, code);
            foreach (var principal in principals.Where(principal => principal.Placement == Placement.KernelDomain))
                yield return new Gate(principal.Owner, kernel, NewToken(principal.Owner, kernel), code);
        }
    }

    Region? GateCode => Spec.ServerPath.Call.Select(step => step.Footprint).OfType<string>()
        .Select(name => Machine.Regions.FirstOrDefault(region => region.Name == CodeName(Spec.ServerPath.Footprints[name]))).FirstOrDefault();

    /// <summary>Orders of servers to move that were carried out.</summary>
    internal long Migrations { get; set; }

    /// <summary>How often a memory domain was taken from one server for another.</summary>
    internal long KeyExchanges => sharedKeys?.Exchanges ?? 0;

    /// <summary>Cores that are not simulated, but have the kernel's page table loaded and must be told when it changes.</summary>
    internal void TellOtherCores(int count)
    {
        if (remapping is not null) remapping.OtherCores = count;
    }

    /// <summary>Adds an app, which lives where the path that it calls by begins. <see cref="Principal"/> says how its process runs.</summary>
    /// <exception cref="ArgumentException">There is an app or a server of this name, or a number of the program is negative, infinite or none.</exception>
    public Principal AddApp(ProgramSpec program)
    {
        if (principals.Any(principal => principal.Owner.Name == program.Name)) throw NameTaken(program.Name);
        program.Check();
        var place = Spec.Design.ServersInApps ? layout.AddClient(program.Name) : layout.AddPlace(program.Name, Spec.AppPath.Caller);
        return AddPrincipal(program, place, OwnerKind.App, Cause.WorkApp);
    }

    /// <summary>Adds a principal that calls as servers do and lives where they live.</summary>
    internal Principal AddServerCaller(string name, ProgramSpec program) =>
        AddPrincipal(program with { Name = name }, layout.AddPlace(name, Spec.Design.Servers), OwnerKind.Server, Cause.WorkServer);

    /// <summary>
    /// Adds servers, placed as the design places servers; a plan names the others by their position in the list. Each is granted the capabilities to call those that
    /// its handler says it calls.
    /// </summary>
    /// <param name="workScale">Factor on the prices of their work.</param>
    /// <param name="added">Programs, each of a name of its own, with the handlers that say what they do.</param>
    /// <exception cref="ArgumentException">
    /// A program lacks a price that its handler names, a number of it is negative, infinite or none, or a name is taken; nothing is added then.
    /// </exception>
    /// <exception cref="KeysExhaustedException">The design gives each server a memory domain, and there are not so many.</exception>
    public IReadOnlyList<Server> AddServers(double workScale, params IReadOnlyList<(ProgramSpec Program, IServerHandler Handler)> added)
    {
        Check(workScale, added);
        var list = added.Select(one => AddServer(one.Program, one.Handler, workScale)).ToList();
        var shared = Shared(list);
        foreach (var server in list)
        {
            server.Connect([.. server.Handler.Regions.Select(region => MemoryOf(server, region, shared))], list);
            foreach (var callee in server.Handler.Callees ?? Enumerable.Range(0, list.Count)) Connect(server.Principal, list[callee]);
            // Those that come first are booted into the kernel.
            if (server.Principal.Place.Movable) layout.TryMove(server.Principal.Place, Placement.KernelDomain);
            sharedKeys?.Add(server);
        }
        return list;
    }

    void Check(double workScale, IReadOnlyList<(ProgramSpec Program, IServerHandler Handler)> added)
    {
        if (!Amounts.IsAmount(workScale)) throw new ArgumentOutOfRangeException(nameof(workScale), workScale, "expected a factor, 0 or more");
        var taken = principals.Select(principal => principal.Owner.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (program, handler) in added)
        {
            if (!taken.Add(program.Name)) throw NameTaken(program.Name);
            program.Check();
            foreach (var region in handler.Regions)
                if (region.Bytes < 0) throw new ArgumentException(FormattableString.Invariant($"the server '{program.Name}' has the region '{region.Name}' of {region.Bytes} bytes, expected 0 or more"), nameof(added));
            foreach (var name in handler.PriceNames) CheckPrice(program, name);
            foreach (var callee in handler.Callees ?? [])
                if ((uint)callee >= (uint)added.Count)
                    throw new ArgumentOutOfRangeException(nameof(added), callee, $"the server '{program.Name}' says that it calls server {callee}, expected 0 to {added.Count - 1}, of those added together");
        }
    }

    static void CheckPrice(ProgramSpec program, string name)
    {
        if (program.Prices.ContainsKey(name)) return;
        var known = program.Prices.Count == 0 ? "it has none" : $"its prices are {string.Join(", ", program.Prices.Keys.Order(StringComparer.Ordinal))}";
        var nearest = Nearest.To(name, program.Prices.Keys) is { } meant ? $"; did you mean '{meant}'?" : "";
        throw new ArgumentException($"the server '{program.Name}' has no price '{name}', which its handler names; {known}{nearest}", nameof(program));
    }

    static ArgumentException NameTaken(string name) => new($"there is already an app or server '{name}'; give each program a name of its own: program with {{ Name = ... }}");

    /// <summary>Who waits for whom now.</summary>
    internal IEnumerable<WaitsFor> Waits => servers.SelectMany(server => server.Queued.Select(caller => new WaitsFor(caller.Owner, server.Principal.Owner, Served: false))
        .Concat(server.Current is { } call ? [new WaitsFor(call.Caller.Owner, server.Principal.Owner, Served: true)] : []));

    /// <summary>Runs until a process ends.</summary>
    /// <exception cref="DeadlockException">It never will, because calls wait for each other.</exception>
    public void Run(Process process)
    {
        try
        {
            Environment.Run(process);
        }
        catch (InvalidOperationException stuck) when (stuck.GetType() == typeof(InvalidOperationException) && !process.IsProcessed && Environment.Peek() == DateTime.MaxValue && Waits.Any())
        {
            throw new DeadlockException([.. Waits]);
        }
    }

    /// <summary>Orders a server to move; the process of what is returned ends when it has, or was refused.</summary>
    internal Migration Migrate(Server server, Placement to) => new(this, layout, remapping, server, to);

    /// <summary>Grants the capability to call a server. While both ends are in the kernel, the kernel has a gate for them.</summary>
    public Connection Connect(Principal caller, Server callee)
    {
        if (caller.To(callee) is { } known) return known;
        var connection = new Connection(caller, callee, NewToken(caller.Owner, callee.Principal.Owner));
        connections.Add(connection);
        caller.Connect(connection);
        return connection;
    }

    /// <summary>Gives the kernel code and data that no path touches, for those who ask from whom they are fenced off.</summary>
    internal void AddKernelMemory()
    {
        layout.AddUntouched("kernel code", kernel, pages: 1, code: true);
        layout.AddUntouched("kernel data", kernel, pages: 1, code: false);
    }

    /// <summary>The way of a call that begins now.</summary>
    internal Crossing WayTo(Principal caller, Server callee)
    {
        sharedKeys?.Admit(callee);
        return (caller.Owner.Kind == OwnerKind.App ? appWays : serverWays)[caller.Placement, callee.Principal.Placement];
    }

    /// <summary>The price of a server's call from one placement to another and back on a warm core: cycles.</summary>
    internal double Price(Placement caller, Placement callee) => serverWays[caller, callee].Program.RoundTripPrice;

    /// <summary>The price of moving a server, but for what the flush makes others refill: cycles.</summary>
    internal double MigrationPrice(Server server) => remapping!.Price(2 * server.Principal.Place.Pages);

    /// <summary>The kernel takes the core that it was given, in the address space that it finds.</summary>
    internal void EnterKernel() =>
        (Registers.Of(Core) with { Ring = Ring.Kernel, KernelView = Spec.Kernel.Features.Kpti, Pkru = Pkru.AllowAll, Stack = kernel }).Load(Core, kernel);

    /// <summary>All privileged instructions are as they were before any was rewritten, so that a measurement begins with it.</summary>
    internal void ForgetRewritten() => Deprivation?.Forget();

    /// <summary>What becomes of privileged instructions of servers; null where servers are trusted with them.</summary>
    internal Deprivation? Deprivation { get; }

    Deprivation Deprive(DeprivationSpec spec)
    {
        var rewrites = PrivilegedHandling.Rewritten == spec.Rare || PrivilegedHandling.Rewritten == spec.Frequent;
        return new Deprivation(
            spec, Core, Provenance, Spec.ExitPath is { } exit ? Compile(exit) : null, rewrites ? serverWays[Placement.KernelDomain, Placement.KernelCode].Program : null,
            new PathEnd(kernel, layout.KernelSpace, EptView: 0, Pkru.AllowAll), Machine.AddOwner("secure monitor", OwnerKind.Kernel));
    }

    // Nobody can guess it: it stands for random bits of the kernel's, and depends on the seed so that runs repeat.
    Token NewToken(Owner caller, Owner callee) => new(StableHash.Of(seed, $"{caller.Index} calls {callee.Index}"));

    bool ChangesView => Spec.ServerPath.Isolation == Isolation.EptView;

    Server AddServer(ProgramSpec program, IServerHandler handler, double workScale)
    {
        var principal = AddPrincipal(program, handler.IsCore ? layout.AddPlace(program.Name, Placement.KernelCode) : PlaceOf(program.Name), OwnerKind.Server, Cause.WorkServer);
        var server = new Server(this, servers.Count, principal, program, handler, workScale);
        servers.Add(server);
        return server;
    }

    Place PlaceOf(string server) => Spec.Design.BeyondKeys switch
    {
        BeyondKeys.Migrate => layout.AddMovablePlace(server),
        BeyondKeys.Multiplex => layout.AddKeylessPlace(server),
        _ => layout.AddPlace(server, Spec.Design.Servers),
    };

    // Regions of one name in several servers are one piece of memory. Servers linked into the kernel need none: they pass pointers.
    Dictionary<string, Memory?> Shared(IReadOnlyList<Server> sharing)
    {
        var users = sharing.SelectMany(server => server.Handler.Regions.Select(region => (region, server)))
            .GroupBy(use => use.region.Name, StringComparer.Ordinal).Where(uses => uses.Count() > 1);
        return users.ToDictionary(uses => uses.Key, uses => Spec.Design.Servers == Placement.KernelCode ? null : layout.AddShared(
            uses.Key, uses.First().server.Principal.Owner, [.. uses.Select(use => use.server.Principal.Place)], Pages(uses.Max(use => use.region.Bytes))));
    }

    Memory? MemoryOf(Server server, ServerRegion region, Dictionary<string, Memory?> shared) => shared.TryGetValue(region.Name, out var one)
        ? one
        : layout.AddPrivate($"{server.Principal.Owner.Name} {region.Name}", server.Principal.Owner, server.Principal.Place, Pages(region.Bytes), code: false);

    /// <summary>Cache lines in the pages of a server's region.</summary>
    internal int LinesOf(ServerRegion region) => Pages(region.Bytes) * (PageSizes.FrameBytes / Spec.Machine.L1D.BlockBytes);

    static int Pages(double bytes) => Math.Max(1, (int)Math.Ceiling(bytes / PageSizes.FrameBytes));

    Principal AddPrincipal(ProgramSpec program, Place place, OwnerKind kind, Cause work)
    {
        var owner = Machine.AddOwner(program.Name, kind);

        Memory Private(string name, int pages, bool code) => layout.AddPrivate($"{program.Name} {name}", owner, place, pages, code);

        var stubCode = Private("stub code", program.StubCodePages.Value, code: true);
        var stubData = Private("stub data", program.StubDataPages.Value, code: false);
        var code = Private("code", Pages(program.CodeKib.Value * Kib), code: true);
        var data = Private("data", Pages(program.DataKib.Value * Kib), code: false);

        Body In(Func<Memory, Region> half) => new(
            new Footprint($"{program.Name} stub", half(stubCode), program.StubCodeLines.Value, half(stubData), program.StubDataLines.Value),
            new WorkingSet(program.Name, half(code), half(data), seed));

        var home = In(memory => memory.User);
        var replied = new Signal(Environment, $"a reply to {program.Name}");
        var principal = new Principal(owner, place, work, program, home, place.Movable ? In(memory => memory.Kernel) : home, replied, ChangesView || Spec.Design.ServersInApps);
        principals.Add(principal);
        return principal;
    }

    StepProgram Compile(IpcPath path) => StepProgram.Compile(path, Spec.Kernel.Features, Spec.Machine, Provenance, footprint => Lay(path, footprint), Spec.Costs);

    // Paths that include another share its footprints, so the regions are named by the numbers they come from.
    static string NameOf(PathFootprint footprint) => footprint.CodeLines.Name[..footprint.CodeLines.Name.LastIndexOf('.')];

    static string CodeName(PathFootprint footprint) => $"{NameOf(footprint)} code";

    Footprint Lay(IpcPath path, PathFootprint footprint)
    {
        var name = NameOf(footprint);
        var owner = footprint.UserPages || path.Callee == Placement.KernelDomain ? gate : kernel;
        var parts = new List<FootprintPart>();

        void Add(int lines, int pages, bool code)
        {
            if (lines == 0) return;
            var region = Region(code ? CodeName(footprint) : $"{name} data", owner, footprint, pages, code);
            parts.Add(new FootprintPart(region, lines, code ? Access.Fetch : Access.Read) { Branches = code ? footprint.Branches?.Value ?? 0 : 0 });
        }

        Add(footprint.CodeLines.Value, footprint.CodePages.Value, code: true);
        Add(footprint.DataLines.Value, footprint.DataPages.Value, code: false);
        return new Footprint(name, [.. parts]);
    }

    Region Region(string name, Owner owner, PathFootprint footprint, int pages, bool code)
    {
        if (Machine.Regions.FirstOrDefault(region => region.Name == name) is { } known) return known;
        return footprint.UserPages
            ? layout.AddTrampoline(name, owner, footprint.PageSize, pages, code)
            : layout.AddKernel(name, owner, footprint.PageSize, pages, code);
    }
}

/// <summary>The verifier refused a path; the message has one line a fault.</summary>
public sealed class PathException(IReadOnlyList<PathFault> faults) : Exception(string.Join('\n', faults))
{
    /// <summary>In the order of the paths and their steps.</summary>
    public IReadOnlyList<PathFault> Faults { get; } = faults;
}
