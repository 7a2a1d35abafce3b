using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// Lays out the memory of a system: which regions there are, with which protection bits, and which address spaces and EPT views map them.
/// Spaces and regions may come in any order, and servers may move.
/// </summary>
sealed class MemoryLayout
{
    const int BaseView = 0;

    // Entries of the EPTP list that VMFUNC chooses from (SkyBridge, EuroSys 2019).
    const int MostViews = 512;

    static readonly bool[] bothViews = [false, true];

    readonly Machine machine;
    readonly KernelFeatures features;
    readonly DesignSpec design;
    readonly bool eptViews;
    readonly bool oneSpace;
    readonly List<AddressSpace> spaces = [];
    readonly List<MappedEverywhere> everywhere = [];
    readonly List<(Region Region, Views Views)> inEveryView = [];
    readonly AddressSpace kernelSpace;
    readonly ProtectionKeys processKeys = new("process");
    AddressSpace? sharedProcess;
    int nextView = BaseView;

    public MemoryLayout(Machine machine, KernelFeatures features, DesignSpec design, bool eptViews, bool oneSpace)
    {
        this.machine = machine;
        this.features = features;
        this.design = design;
        this.eptViews = eptViews;
        this.oneSpace = oneSpace;
        kernelSpace = AddSpace("kernel");
    }

    public AddressSpace KernelSpace => kernelSpace;

    public IReadOnlyList<AddressSpace> Spaces => spaces;

    /// <summary>The memory domains of the kernel's page table.</summary>
    public ProtectionKeys Keys { get; } = new("kernel");

    /// <summary>Where page tables map memory now: what the processor asks at every access.</summary>
    public IEnumerable<Mapping> Mappings =>
        from region in machine.Regions
        from space in spaces
        from kernelView in space.Kpti ? bothViews : bothViews[..1]
        from view in Enumerable.Range(BaseView, Math.Max(1, nextView))
        where space.Maps(region, kernelView, view)
        select new Mapping(region, space, kernelView, view);

    /// <summary>Gives a principal that stays where it is its address space, view, domain and rights.</summary>
    /// <exception cref="KeysExhaustedException">It needs a memory domain, and all are taken.</exception>
    public Place AddPlace(string name, Placement placement) => placement switch
    {
        Placement.UserProcess => new Place(placement, oneSpace ? sharedProcess ??= AddSpace("process") : AddSpace(name), kernelSpace, eptViews ? TakeView() : BaseView),
        Placement.UserDomain => new Place(placement, sharedProcess ??= AddSpace("process"), kernelSpace, BaseView, InDomain(name, processKeys, reachesDomainZero: true)),
        Placement.KernelDomain => new Place(placement, null, kernelSpace, BaseView, InDomain(name, Keys, reachesDomainZero: false)),
        _ => new Place(placement, null, kernelSpace),
    };

    /// <summary>Gives an app whose process maps every server that process, with domain 0 for itself; it takes no key of those that fence the servers.</summary>
    public Place AddClient(string name) => new(Placement.UserDomain, AddSpace(name), kernelSpace, BaseView, new ExecutionDomain(name, reachesDomainZero: true));

    /// <summary>Gives a server that may move a domain in the kernel, without a key yet, and a process of its own to be in meanwhile.</summary>
    public Place AddMovablePlace(string name) =>
        new(Placement.UserProcess, AddSpace(name), kernelSpace, BaseView, new ExecutionDomain(name, reachesDomainZero: false)) { Movable = true };

    /// <summary>Gives a server that shares keys with others a domain in the kernel, which has a key only now and then.</summary>
    public Place AddKeylessPlace(string name) =>
        new(Placement.KernelDomain, null, kernelSpace, BaseView, new ExecutionDomain(name, reachesDomainZero: false));

    /// <summary>Memory of one principal, mapped where the principal runs.</summary>
    public Memory AddPrivate(string name, Owner owner, Place place, int pages, bool code)
    {
        var memory = place.Movable
            ? AddMovable(new RegionSpec(name, owner, pages) { UserAccessible = true, Writable = !code, Executable = code })
            : new Memory(AddFixed(name, owner, place, pages, code));
        place.Memory.Add(memory);
        if (place.Movable) place.Process!.Map(memory.User, Views.Both);
        return memory;
    }

    Region AddFixed(string name, Owner owner, Place place, int pages, bool code)
    {
        var region = machine.AddRegion(new RegionSpec(name, owner, pages)
        {
            Global = place.InKernel && GlobalKernel,
            KernelHalf = place.InKernel,
            UserAccessible = !place.InKernel || UserAccessibleKernel,
            Writable = !code,
            Executable = code,
            Key = place.Key,
        });
        if (place.InKernel) MapEverywhere(region, KernelViews);
        else if (eptViews) MapEverywhere(region, Views.Both, place.View);
        else if (design.ServersInApps && place.Space == sharedProcess) MapEverywhere(region, Views.Both);
        else place.Space.Map(region, Views.Both);
        return region;
    }

    // Two virtual regions over the same frames.
    Memory AddMovable(RegionSpec spec)
    {
        var kernel = machine.AddRegion(spec with { Global = false, KernelHalf = true });
        return new Memory(machine.AddAlias(kernel, spec with { Name = $"{spec.Name} in its process", Global = false, KernelHalf = false }), kernel);
    }

    /// <summary>Memory that several principals share; in kernel domains it takes a key that all of them may use, wherever they are.</summary>
    /// <exception cref="KeysExhaustedException">All memory domains are taken.</exception>
    public Memory AddShared(string name, Owner owner, IReadOnlyList<Place> places, int pages)
    {
        var inDomains = places[0].Placement == Placement.KernelDomain || places[0].Movable;
        var inKernel = inDomains || places[0].Placement == Placement.KernelCode;
        var key = inDomains ? Keys.Take(name) : ProtectionKey.Kernel;
        var spec = new RegionSpec(name, owner, pages)
        {
            Global = inKernel && GlobalKernel,
            KernelHalf = inKernel,
            UserAccessible = places[0].Placement != Placement.KernelCode,
            Writable = true,
            Key = key.Number,
        };
        var memory = places[0].Movable ? AddMovable(spec) : new Memory(machine.AddRegion(spec));
        foreach (var place in places) Share(memory, place, key);
        return memory;
    }

    // Keys of PKU guard user-accessible pages only, those of PKS the others.
    bool UserAccessibleKernel => design.Servers == Placement.KernelDomain && !design.TurnsOn.HasFlag(Control.Pks);

    /// <summary>Memory of the kernel; user-accessible where keys must fence servers off from it.</summary>
    public Region AddKernel(string name, Owner owner, PageSize size, int pages, bool code)
    {
        var region = machine.AddRegion(new RegionSpec(name, owner, pages)
        {
            PageSize = size,
            Global = GlobalKernel,
            KernelHalf = true,
            UserAccessible = UserAccessibleKernel,
            Writable = !code,
            Executable = code,
        });
        MapEverywhere(region, KernelViews);
        return region;
    }

    /// <summary>Memory of the kernel that no path touches, in every view: from whom it is fenced off is a question all the same.</summary>
    public Region AddUntouched(string name, Owner owner, int pages, bool code)
    {
        var region = AddKernel(name, owner, PageSize.Small, pages, code);
        MapInEveryView(region, KernelViews);
        return region;
    }

    /// <summary>Memory of gate code that every process maps, in every view.</summary>
    public Region AddTrampoline(string name, Owner owner, PageSize size, int pages, bool code)
    {
        var region = machine.AddRegion(new RegionSpec(name, owner, pages) { PageSize = size, UserAccessible = true, Writable = !code, Executable = code });
        MapEverywhere(region, Views.Both);
        MapInEveryView(region, Views.Both);
        return region;
    }

    /// <summary>
    /// Moves a server's memory into the kernel's page table, in a free memory domain, or back into its process. Translations that cores still hold must be
    /// dropped after it. False when there is no free memory domain: then nothing has changed.
    /// </summary>
    public bool TryMove(Place place, Placement to)
    {
        if (to == Placement.KernelDomain)
        {
            if (!Keys.TryTake(place.Domain!.Name, out var key)) return false;
            place.Domain.Key = key;
            foreach (var memory in place.Memory) MoveToKernel(memory, place, key);
        }
        else
        {
            foreach (var memory in place.Memory) MoveToUser(memory, place);
            Keys.Release(place.Domain!.Key!.Value);
            place.Domain.Key = null;
        }
        place.Placement = to;
        return true;
    }

    void MoveToKernel(Memory memory, Place place, ProtectionKey key)
    {
        place.Process!.Unmap(memory.User);
        memory.Kernel.Key = key.Number;
        MapEverywhere(memory.Kernel, KernelViews);
    }

    void MoveToUser(Memory memory, Place place)
    {
        everywhere.RemoveAll(mapped => mapped.Region == memory.Kernel);
        foreach (var space in spaces) space.Unmap(memory.Kernel);
        place.Process!.Map(memory.User, Views.Both);
    }

    /// <summary>Takes the key of one server's pages away, to memory domain 0 that no server reaches, and gives it to another's.</summary>
    public void Rekey(Place from, Place to)
    {
        var key = from.Domain!.Key!.Value;
        SetKey(from, null);
        Keys.Release(key);
        SetKey(to, Keys.Take(to.Domain!.Name));
    }

    /// <summary>Puts a free key on the pages of a server without one; false when there is none.</summary>
    public bool TryKey(Place place)
    {
        if (!Keys.TryTake(place.Domain!.Name, out var key)) return false;
        SetKey(place, key);
        return true;
    }

    static void SetKey(Place place, ProtectionKey? key)
    {
        place.Domain!.Key = key;
        foreach (var memory in place.Memory) memory.Kernel.Key = (key ?? ProtectionKey.Kernel).Number;
        place.RightsChanged();
    }

    Views KernelViews => features.Kpti ? Views.Kernel : Views.Both;

    bool GlobalKernel => features.GlobalPages && !features.Kpti;

    AddressSpace AddSpace(string name)
    {
        var space = machine.AddSpace(name, features.Kpti);
        spaces.Add(space);
        foreach (var mapped in everywhere) space.Map(mapped.Region, mapped.Views, mapped.EptView);
        return space;
    }

    void MapEverywhere(Region region, Views views, int view = BaseView)
    {
        everywhere.Add(new MappedEverywhere(region, views, view));
        foreach (var space in spaces) space.Map(region, views, view);
    }

    // All views but the first, which is every space's own.
    void MapInEveryView(Region region, Views views)
    {
        inEveryView.Add((region, views));
        for (var view = BaseView + 1; view < nextView; view++) MapEverywhere(region, views, view);
    }

    int TakeView()
    {
        if (nextView == MostViews) throw new InvalidOperationException(FormattableString.Invariant($"more than {MostViews} processes with EPT views, which is as many as VMFUNC can switch between"));
        var view = nextView++;
        if (view != BaseView)
            foreach (var (region, views) in inEveryView) MapEverywhere(region, views, view);
        return view;
    }

    static ExecutionDomain InDomain(string name, ProtectionKeys keys, bool reachesDomainZero) => new(name, reachesDomainZero) { Key = keys.Take(name) };

    void Share(Memory memory, Place place, ProtectionKey key)
    {
        if (place.Movable) place.Process!.Map(memory.User, Views.Both);
        if (place.InKernel || place.Movable) MapEverywhere(memory.Kernel, KernelViews);
        else if (eptViews) MapEverywhere(memory.User, Views.Both, place.View);
        else place.Space.Map(memory.User, Views.Both);
        if (key == ProtectionKey.Kernel) return;
        place.Domain!.Join(key);
        place.RightsChanged();
    }

    readonly record struct MappedEverywhere(Region Region, Views Views, int EptView);
}

/// <summary>A page table of a space, or of one view of it, maps a region: U/K, writable, executable and key are the region's <see cref="Region.Rights"/>.</summary>
readonly record struct Mapping(Region Region, AddressSpace Space, bool KernelView, int EptView);

/// <summary>A piece of a principal's memory: one region, or for a server that moves one in the user's and one in the kernel's half, over the same frames.</summary>
sealed record Memory(Region User, Region Kernel)
{
    public Memory(Region region) : this(region, region) { }

    public Region At(Place place) => place.InKernel ? Kernel : User;
}
