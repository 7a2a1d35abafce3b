using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>A machine of Skylake-SP geometry with an app, a server, and a kernel on it, and round prices that are easy to count with.</summary>
sealed class HardwareBench
{
    public const int BtbSets = 16, BtbWays = 4;
    public const double Mispredict = 14, StlbHit = 7, PageWalk = 35, L1Latency = 4, L2Latency = 14, LlcLatency = 70, MemoryLatency = 230, LineTransfer = 100, Overlap = 0.5;
    static readonly Citation Nowhere = new("test", "");

    /// <summary>Control registers of a core that tags its translations by process.</summary>
    public const Control Tagging = Control.Wp | Control.Pke | Control.Pcide;

    /// <summary>A machine whose page walks cost <see cref="PageWalk"/> as a whole, or with <paramref name="walker"/> make references besides.</summary>
    public HardwareBench(
        int cores = 1, int seed = 1, bool pcid = true, bool walker = false, PageSize? eptPages = null, Func<HardwareProfile, HardwareProfile>? change = null, bool fastForward = true)
    {
        var profile = Profile();
        if (walker) profile = profile with { Walker = new PageWalkerSpec(Entries("pml4e", 4), Entries("pdpte", 8), Entries("pde", 32), Entries("nested-tlb", 32)) };
        if (change is not null) profile = change(profile);
        Machine = new Machine(profile, cores, seed, eptPages: eptPages, fastForward: fastForward);
        Core = Machine.Cores[0];
        App = Machine.AddOwner("app", OwnerKind.App);
        Server = Machine.AddOwner("server", OwnerKind.Server);
        Kernel = Machine.AddOwner("kernel", OwnerKind.Kernel);
        Space = Machine.AddSpace("process", kpti: false);
        foreach (var core in Machine.Cores) core.WriteControl(pcid ? Tagging : Tagging & ~Control.Pcide, Kernel);
        Core.WriteCr3(Space, kernelView: false, flush: true, Kernel);
    }

    public Machine Machine { get; }
    public Core Core { get; }
    public Owner App { get; }
    public Owner Server { get; }
    public Owner Kernel { get; }
    public AddressSpace Space { get; }

    public static double Stall(double latency) => (latency - L1Latency) * (1 - Overlap);

    public Region Code(Owner owner, string name, int pages, PageSize size = PageSize.Small, bool global = false) =>
        Add(new RegionSpec(name, owner, pages) { PageSize = size, Executable = true, UserAccessible = true, Global = global });

    public Region Data(Owner owner, string name, int pages, PageSize size = PageSize.Small, bool global = false) =>
        Add(new RegionSpec(name, owner, pages) { PageSize = size, Writable = true, UserAccessible = true, Global = global });

    public Footprint Footprint(Owner owner, string name, int codeLines = 20, int dataLines = 12, int pages = 2, bool global = false, int branches = 0) => new(
        name, new FootprintPart(Code(owner, name + ".code", pages, global: global), codeLines, Access.Fetch) { Branches = branches },
        new FootprintPart(Data(owner, name + ".data", pages, global: global), dataLines, Access.Write));

    /// <summary>The cycles the core charges while an action runs.</summary>
    public double Stalls(Action action)
    {
        var before = Charged();
        action();
        return Charged() - before;
    }

    public double Charged() => Enumerable.Range(0, Machine.Provenance.Count).Sum(Core.Ledger.ByNumber);

    /// <summary>The stalls charged on a core, of one price or of all.</summary>
    public static double Stalls(Core core, Machine machine, string? price = null) => Enumerable.Range(0, machine.Provenance.Count)
        .Where(number => price is null || machine.Provenance[number].Name == price)
        .Sum(number => Causes.All.Where(cause => cause.IsStall()).Sum(cause => core.Ledger.ByNumber(number, cause)));

    public double ByPrice(string name) =>
        Core.Ledger.ByNumber(Enumerable.Range(0, Machine.Provenance.Count).Single(n => Machine.Provenance[n].Name == name));

    Region Add(RegionSpec spec)
    {
        var region = Machine.AddRegion(spec);
        Space.Map(region);
        return region;
    }

    static HardwareProfile Profile() => new()
    {
        Name = "bench",
        Title = "Bench",
        TscGhz = Number("tsc-ghz", 2),
        Prices = new Dictionary<string, Sourced<double>>
        {
            ["stlb-hit"] = Number("stlb-hit", StlbHit),
            ["page-walk"] = Number("page-walk", PageWalk),
            ["branch-mispredict"] = Number("branch-mispredict", Mispredict),
            ["overlap"] = Number("overlap", Overlap),
            ["overlap-fetch"] = Number("overlap-fetch", Overlap),
            ["ipi"] = Number("ipi", 1900),
            ["interrupt"] = Number("interrupt", 600),
            ["invlpg"] = Number("invlpg", 200),
            ["line-transfer"] = Number("line-transfer", LineTransfer),
            ["memory-latency"] = Number("memory-latency", MemoryLatency),
        },
        BranchPredictor = new BranchPredictorSpec(Entries("btb-sets", BtbSets), Entries("btb-ways", BtbWays)),
        L1I = Level("l1i", 64, 8, L1Latency),
        L1D = Level("l1d", 64, 8, L1Latency),
        L2 = Level("l2", 1024, 16, L2Latency),
        Llc = Level("llc", 20 * 2048, 11, LlcLatency),
        Tlbs =
        [
            Tlb("itlb-4k", 1, Side.Instruction, 16, 8, PageSize.Small),
            Tlb("itlb-2m", 1, Side.Instruction, 1, 8, PageSize.Large, PageSize.Huge),
            Tlb("dtlb-4k", 1, Side.Data, 16, 4, PageSize.Small),
            Tlb("dtlb-2m", 1, Side.Data, 8, 4, PageSize.Large),
            Tlb("dtlb-1g", 1, Side.Data, 1, 4, PageSize.Huge),
            Tlb("stlb", 2, Side.Unified, 128, 12, PageSize.Small, PageSize.Large),
            Tlb("stlb-1g", 2, Side.Unified, 4, 4, PageSize.Huge),
        ],
    };

    static Sourced<double> Number(string name, double value) => new("machine." + name, value, "cycles", Grade.Assumed, Nowhere);

    static Sourced<int> Entries(string name, int value) => new("machine." + name, value, "entries", Grade.Assumed, Nowhere);

    static CacheLevel Level(string name, int sets, int ways, double latency) => new(name, sets, ways, 64, Number(name, latency), Grade.Assumed, Nowhere);

    static TlbLevel Tlb(string name, int level, Side side, int sets, int ways, params IReadOnlyList<PageSize> pages) =>
        new(name, level, side, pages, sets, ways, Grade.Assumed, Nowhere);
}
