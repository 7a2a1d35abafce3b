using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// Lays out the memory of a system: which regions there are, with which protection bits, and which address spaces and EPT views map them.
/// Spaces and regions may come in any order.
/// </summary>
sealed class MemoryLayout
{
    const int BaseView = 0;
    const int FirstFreeKey = 1;

    readonly Machine machine;
    readonly KernelFeatures features;
    readonly DesignSpec design;
    readonly bool eptViews;
    readonly bool oneSpace;
    readonly List<AddressSpace> spaces = [];
    readonly List<Action<AddressSpace>> mappings = [];
    readonly AddressSpace kernelSpace;
    AddressSpace? sharedProcess;
    int nextKey = FirstFreeKey;
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

    /// <summary>Gives a principal its address space, view, key and rights.</summary>
    public Place AddPlace(string name, Placement placement) => placement switch
    {
        Placement.UserProcess => new Place(placement, oneSpace ? sharedProcess ??= AddSpace("process") : AddSpace(name), eptViews ? nextView++ : BaseView, 0, Pkru.AllowAll),
        Placement.UserDomain => InDomain(placement, sharedProcess ??= AddSpace("process"), takesKeyZero: true),
        Placement.KernelDomain => InDomain(placement, kernelSpace, takesKeyZero: false),
        _ => new Place(placement, kernelSpace, BaseView, 0, Pkru.AllowAll),
    };

    /// <summary>Memory of one principal, mapped where the principal runs.</summary>
    public Region AddPrivate(string name, Owner owner, Place place, int pages, bool code)
    {
        var inKernel = place.Placement is Placement.KernelDomain or Placement.KernelCode;
        var region = machine.AddRegion(new RegionSpec(name, owner, pages)
        {
            Global = inKernel && GlobalKernel,
            KernelHalf = inKernel,
            UserAccessible = place.Placement != Placement.KernelCode,
            Writable = !code,
            Executable = code,
            Key = place.Key,
        });
        if (inKernel) MapEverywhere(space => space.Map(region, KernelViews));
        else if (eptViews) MapEverywhere(space => space.Map(region, Views.Both, place.View));
        else place.Space.Map(region, Views.Both);
        return region;
    }

    /// <summary>Memory that several principals share; in kernel domains it takes a key that all of them may use.</summary>
    public Region AddShared(string name, Owner owner, IReadOnlyList<Place> places, int pages)
    {
        var inKernel = places[0].Placement is Placement.KernelDomain or Placement.KernelCode;
        var inDomains = places[0].Placement is Placement.KernelDomain;
        var key = inDomains ? TakeKey() : 0;
        var region = machine.AddRegion(new RegionSpec(name, owner, pages)
        {
            Global = inKernel && GlobalKernel,
            KernelHalf = inKernel,
            UserAccessible = places[0].Placement != Placement.KernelCode,
            Writable = true,
            Key = key,
        });
        foreach (var place in places) Share(region, place, key);
        return region;
    }

    /// <summary>Memory of the kernel; user-accessible where keys must fence servers off from it.</summary>
    public Region AddKernel(string name, Owner owner, PageSize size, int pages, bool code)
    {
        var region = machine.AddRegion(new RegionSpec(name, owner, pages)
        {
            PageSize = size,
            Global = GlobalKernel,
            KernelHalf = true,
            UserAccessible = design.Servers == Placement.KernelDomain,
            Writable = !code,
            Executable = code,
        });
        MapEverywhere(space => space.Map(region, KernelViews));
        return region;
    }

    /// <summary>Memory of gate code that every process maps, in every view.</summary>
    public Region AddTrampoline(string name, Owner owner, int pages, bool code)
    {
        var region = machine.AddRegion(new RegionSpec(name, owner, pages) { UserAccessible = true, Writable = !code, Executable = code });
        MapEverywhere(space =>
        {
            for (var view = BaseView; view <= (eptViews ? MaxViews : BaseView); view++) space.Map(region, Views.Both, view);
        });
        return region;
    }

    // Enough for the servers of one scenario; hardware allows 512 (SkyBridge).
    const int MaxViews = 16;

    Views KernelViews => features.Kpti ? Views.Kernel : Views.Both;

    bool GlobalKernel => features.GlobalPages && !features.Kpti;

    AddressSpace AddSpace(string name)
    {
        var space = machine.AddSpace(name, features.Kpti);
        spaces.Add(space);
        foreach (var map in mappings) map(space);
        return space;
    }

    void MapEverywhere(Action<AddressSpace> map)
    {
        mappings.Add(map);
        foreach (var space in spaces) map(space);
    }

    Place InDomain(Placement placement, AddressSpace space, bool takesKeyZero)
    {
        var key = TakeKey();
        return new Place(placement, space, BaseView, key, takesKeyZero ? Pkru.AllowOnly(0, key) : Pkru.AllowOnly(key));
    }

    void Share(Region region, Place place, int key)
    {
        if (place.Placement is Placement.KernelDomain or Placement.KernelCode) MapEverywhere(space => space.Map(region, KernelViews));
        else if (eptViews) MapEverywhere(space => space.Map(region, Views.Both, place.View));
        else place.Space.Map(region, Views.Both);
        if (key != 0) place.Rights &= ~(3u << (2 * key));
    }

    int TakeKey() => nextKey < Pkru.Keys
        ? nextKey++
        : throw new InvalidOperationException($"all {Pkru.Keys} memory domains of PKU are taken: one by the kernel, one by each server and by each shared channel");
}

/// <summary>Where a principal runs: its address space, EPT view, protection key and rights.</summary>
sealed class Place(Placement placement, AddressSpace space, int view, int key, uint rights)
{
    public Placement Placement => placement;
    public AddressSpace Space => space;
    public int View => view;
    public int Key => key;

    /// <summary>PKRU value; sharing memory widens it.</summary>
    public uint Rights { get; set; } = rights;

    public bool InKernel => placement is Placement.KernelDomain or Placement.KernelCode;
}
