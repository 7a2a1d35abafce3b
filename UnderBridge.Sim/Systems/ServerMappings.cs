using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// What it takes the kernel to change where servers are mapped and to let apps call them, by the page tables that hold servers: that of a server's process, those of
/// all apps, or the kernel's half that all processes share. The entries it writes are lines of its memory, which go cold the more there are.
/// </summary>
sealed class ServerMappings
{
    // A table of a process has a page at each of four levels, of which a change reads a line at three and writes at the last.
    const int Levels = 4, EntriesPerLine = 8, LinesPerTablePage = 64, TablePagesPerLargePage = 512;

    readonly SystemSpec spec;
    readonly int apps;
    readonly int servers;
    readonly int serverPages;
    readonly Machine machine;
    readonly Owner kernel;
    readonly List<AddressSpace> spaces;
    readonly Region tables;
    readonly Region page;
    readonly StepProgram grant;
    readonly StepProgram gate;
    readonly PathEnd app;

    /// <param name="spec">The system; its design says where servers are mapped.</param>
    /// <param name="grant">The path by which an app is granted the capability to call a server.</param>
    /// <param name="gate">The path by which the kernel generates a gate.</param>
    /// <param name="apps">How many apps there are.</param>
    /// <param name="servers">How many servers there are.</param>
    /// <param name="serverPages">Pages of each server.</param>
    /// <param name="seed">Seed of the machine.</param>
    public ServerMappings(SystemSpec spec, IpcPath grant, IpcPath gate, int apps, int servers, int serverPages, int seed)
    {
        this.spec = spec;
        this.apps = apps;
        this.servers = servers;
        this.serverPages = serverPages;
        machine = new Machine(spec.Machine, cores: 1, seed, eptPages: spec.Design.EptPages);
        kernel = machine.AddOwner(spec.Kernel.Title, OwnerKind.Kernel);
        machine.Cores[0].WriteControl(spec.Control, kernel);
        spaces = [.. Enumerable.Range(0, apps).Select(i => machine.AddSpace(FormattableString.Invariant($"app {i}"), spec.Kernel.Features.Kpti))];
        tables = machine.AddRegion(new RegionSpec("page tables", kernel, (Tables * Levels / TablePagesPerLargePage) + 1) { PageSize = PageSize.Large, KernelHalf = true, Writable = true });
        page = machine.AddRegion(new RegionSpec("a page of a server", kernel, 1) { UserAccessible = true, Writable = true });
        foreach (var space in spaces) space.Map(tables, Views.Both);
        foreach (var space in spaces.Take(Tables)) space.Map(page, Views.Both);
        this.grant = Compile(grant);
        this.gate = Compile(gate);
        app = new PathEnd(machine.AddOwner("app", OwnerKind.App), spaces[0], 0, Pkru.AllowAll);
        Core.WriteCr3(spaces[0], kernelView: true, flush: true, kernel);
    }

    /// <summary>Page tables in which a server is mapped.</summary>
    int Tables => spec.Design.ServersInApps ? apps : 1;

    Core Core => machine.Cores[0];

    /// <summary>What the changes were charged, by number and cause; for the last of them.</summary>
    public IReadOnlyList<(ISourced Number, Cause Cause, double Cycles)> Charged { get; private set; } = [];

    /// <summary>Cycles to map one page of a server elsewhere.</summary>
    public long Update() => Warm(() =>
    {
        for (var table = 0; table < Tables; table++) Write(table, entries: 1);
        Flush();
    });

    /// <summary>Cycles to connect every app with every server.</summary>
    public long Connect() => Warm(() =>
    {
        for (var one = 0; one < apps; one++)
        {
            for (var server = 0; server < servers; server++)
            {
                Walk(grant);
                if (spec.Design.ServersInApps) Write(one, serverPages);
            }
        }
        for (var server = 0; spec.Design.Servers == Placement.KernelDomain && server < servers; server++) Walk(gate);
    });

    // The second time, so that what stays in caches from one time to the next is there.
    long Warm(Action change)
    {
        change();
        Core.Ledger.TakePending();
        var before = Booked();
        change();
        Charged = [.. Booked().Select((cycles, cell) => (machine.Provenance[cell / Causes.All.Count], Causes.All[cell % Causes.All.Count], cycles - before.ElementAtOrDefault(cell)))];
        return Core.Ledger.TakePending();
    }

    List<double> Booked() => 
        [.. Enumerable.Range(0, machine.Provenance.Count).SelectMany(number => Causes.All.Select(cause => Core.Ledger.ByNumber(number, cause)))];

    void Write(int table, int entries)
    {
        Core.Charge(Cause.KernelLogic, "pte-write", entries);
        for (var level = 0; level < Levels - 1; level++) Core.Touch(kernel, tables, LineOf(table, level), count: 1, write: false);
        Core.Touch(kernel, tables, LineOf(table, Levels - 1), (entries + EntriesPerLine - 1) / EntriesPerLine, write: true);
    }

    static int LineOf(int table, int level) => ((table * Levels) + level) * LinesPerTablePage;

    // Page by page in each process, or everything at once where that is cheaper. The kernel's half has a translation under the PCID of each process, unless it is global.
    void Flush()
    {
        var processes = spec.Design.Servers == Placement.KernelDomain && !(spec.Kernel.Features.GlobalPages && !spec.Kernel.Features.Kpti) ? apps : Tables;
        if (processes * Core.Price("invlpg") > Core.Price("tlb-flush"))
        {
            Core.InvalidateAll(spec.Kernel.Features.GlobalPages, kernel);
            Core.Charge(Cause.Ipi, "tlb-flush", 1);
            return;
        }
        foreach (var space in spaces.Take(processes)) machine.Shootdown(Core, space, page, kernel);
    }

    void Walk(StepProgram way)
    {
        if (way.Path.Caller == Placement.UserProcess) Core.Ring = Ring.User;
        way.RunCall(Core, app, app, kernel);
        way.RunReply(Core, app, app, kernel);
        Core.Ring = Ring.Kernel;
    }

    StepProgram Compile(IpcPath path)
    {
        var faults = PathVerifier.Verify(path, spec.Kernel.Features, spec.Machine, spec.Costs);
        if (faults.Count > 0) throw new PathException(faults);
        return StepProgram.Compile(path, spec.Kernel.Features, spec.Machine, machine.Provenance, footprints: null, spec.Costs);
    }
}
