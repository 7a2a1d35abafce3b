using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>One system put to run: a machine, a kernel and its processes, to which servers and apps are added.</summary>
public sealed class SimulatedSystem
{
    readonly MemoryLayout layout;
    readonly Crossing appCrossing;
    readonly Crossing serverCrossing;
    readonly int seed;

    const double Kib = 1024;

    /// <summary>Builds the machine and compiles both paths.</summary>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public SimulatedSystem(SystemSpec spec, int seed)
    {
        var faults = spec.Verify();
        if (faults.Count > 0) throw new PathException(faults);
        Spec = spec;
        this.seed = seed;
        Environment = new Simulation(seed);
        Machine = new Machine(spec.Machine, cores: 1, seed, eptPages: spec.Design.EptPages);
        Processor = new Processor(Environment, Machine.Cores[0]);
        var kernel = Machine.AddOwner(spec.Kernel.Title, OwnerKind.Kernel);
        var gate = Machine.AddOwner($"{spec.Design.Title} gate", OwnerKind.Gate);
        var eptViews = spec.ServerPath.Isolation == Isolation.EptView;
        layout = new MemoryLayout(Machine, spec.Kernel.Features, spec.Design, eptViews, spec.ServerPath.OneSpace);
        foreach (var core in Machine.Cores) core.WriteControl(spec.Control, kernel);
        var kernelProcess = new Kernel(Environment, Processor, kernel);
        appCrossing = new Crossing(Compile(spec.AppPath, kernel, gate), kernelProcess, Processor, gate);
        serverCrossing = spec.ServerPath == spec.AppPath
            ? appCrossing : new Crossing(Compile(spec.ServerPath, kernel, gate), kernelProcess, Processor, gate);
    }

    public SystemSpec Spec { get; }
    public Simulation Environment { get; }
    public Machine Machine { get; }
    public Processor Processor { get; }
    public Core Core => Processor.Core;
    public Provenance Provenance => Machine.Provenance;

    internal Crossing AppCrossing => appCrossing;
    internal Crossing ServerCrossing => serverCrossing;

    /// <summary>Adds an app, which lives where the path that it calls by begins.</summary>
    public Principal AddApp(ProgramSpec program) => AddPrincipal(program, Spec.AppPath.Caller, OwnerKind.App, Cause.WorkApp);

    /// <summary>Adds a principal that calls as servers do and lives where they live.</summary>
    public Principal AddServerCaller(string name, ProgramSpec program) =>
        AddPrincipal(program with { Name = name }, Spec.Design.Servers, OwnerKind.Server, Cause.WorkServer);

    /// <summary>Adds servers, placed as the design places servers; a plan names the others by their position in the list.</summary>
    public IReadOnlyList<Server> AddServers(double workScale, params IReadOnlyList<(ProgramSpec Program, IServerHandler Handler)> added)
    {
        var servers = added
            .Select(one => new Server(this, AddPrincipal(one.Program, Spec.Design.Servers, OwnerKind.Server, Cause.WorkServer), one.Program, one.Handler, workScale))
            .ToList();
        var shared = Shared(servers);
        foreach (var server in servers)
            server.Connect([.. server.Handler.Regions.Select(region => RegionOf(server, region, shared))], servers);
        return servers;
    }

    // Regions of one name in several servers are one piece of memory. Servers linked into the kernel need none: they pass pointers.
    Dictionary<string, Region?> Shared(IReadOnlyList<Server> servers)
    {
        var users = servers.SelectMany(server => server.Handler.Regions.Select(region => (region, server)))
            .GroupBy(use => use.region.Name, StringComparer.Ordinal).Where(uses => uses.Count() > 1);
        return users.ToDictionary(uses => uses.Key, uses => Spec.Design.Servers == Placement.KernelCode ? null : layout.AddShared(
            uses.Key, uses.First().server.Principal.Owner, [.. uses.Select(use => use.server.Principal.Place)], Pages(uses.Max(use => use.region.Bytes))));
    }

    Region? RegionOf(Server server, ServerRegion region, Dictionary<string, Region?> shared) => shared.TryGetValue(region.Name, out var one)
        ? one
        : layout.AddPrivate($"{server.Principal.Owner.Name} {region.Name}", server.Principal.Owner, server.Principal.Place, Pages(region.Bytes), code: false);

    static int Pages(double bytes) => Math.Max(1, (int)Math.Ceiling(bytes / PageSizes.FrameBytes));

    Principal AddPrincipal(ProgramSpec program, Placement placement, OwnerKind kind, Cause work)
    {
        var owner = Machine.AddOwner(program.Name, kind);
        var place = layout.AddPlace(program.Name, placement);

        Region Private(string name, int pages, bool code) => layout.AddPrivate($"{program.Name} {name}", owner, place, pages, code);

        var stub = new Footprint(
            $"{program.Name} stub",
            Private("stub code", program.StubCodePages.Value, code: true), program.StubCodeLines.Value,
            Private("stub data", program.StubDataPages.Value, code: false), program.StubDataLines.Value);
        var workingSet = new WorkingSet(
            program.Name, Private("code", Pages(program.CodeKib.Value * Kib), code: true), Private("data", Pages(program.DataKib.Value * Kib), code: false), seed);
        return new Principal(owner, place, work, program, stub, workingSet, new Signal(Environment));
    }

    StepProgram Compile(IpcPath path, Owner kernel, Owner gate) =>
        StepProgram.Compile(path, Spec.Kernel.Features, Spec.Machine, Provenance, footprint => Lay(path, footprint, kernel, gate));

    // Paths that include another share its footprints, so the regions are named by the numbers they come from.
    Footprint Lay(IpcPath path, PathFootprint footprint, Owner kernel, Owner gate)
    {
        var name = footprint.CodeLines.Name[..footprint.CodeLines.Name.LastIndexOf('.')];
        var owner = footprint.UserPages || path.Callee == Placement.KernelDomain ? gate : kernel;
        var parts = new List<FootprintPart>();

        void Add(int lines, int pages, bool code)
        {
            if (lines == 0) return;
            var region = Region($"{name} {(code ? "code" : "data")}", owner, footprint, pages, code);
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
            ? layout.AddTrampoline(name, owner, pages, code)
            : layout.AddKernel(name, owner, footprint.HugePages ? PageSize.Large : PageSize.Small, pages, code);
    }
}

/// <summary>The verifier refused a path; the message has one line a fault.</summary>
public sealed class PathException(IReadOnlyList<PathFault> faults) : Exception(string.Join('\n', faults))
{
    public IReadOnlyList<PathFault> Faults { get; } = faults;
}
