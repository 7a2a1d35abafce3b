using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>Where a principal runs: its address space, EPT view, execution domain and rights. Placement is state: a server's may change.</summary>
sealed class Place
{
    readonly AddressSpace kernelSpace;
    Placement placement;

    public Place(Placement placement, AddressSpace? process, AddressSpace kernelSpace, int view = 0, ExecutionDomain? domain = null)
    {
        this.placement = placement;
        this.kernelSpace = kernelSpace;
        Process = process;
        View = view;
        Domain = domain;
        RightsChanged();
    }

    public Placement Placement
    {
        get => placement;
        set
        {
            placement = value;
            RightsChanged();
        }
    }

    /// <summary>The address space of its process; null where it is always in the kernel.</summary>
    public AddressSpace? Process { get; }

    /// <summary>The address space that it runs in, of its process or the kernel's.</summary>
    public AddressSpace Space => InKernel ? kernelSpace : Process!;

    public int View { get; }

    /// <summary>Null where no key fences it.</summary>
    public ExecutionDomain? Domain { get; }

    /// <summary>What belongs to it alone.</summary>
    public List<Memory> Memory { get; } = [];

    /// <summary>Pages of its memory.</summary>
    public int Pages => Memory.Sum(memory => memory.User.Pages);

    /// <summary>The protection key of its memory; 0 where it has none.</summary>
    public int Key => Fenced?.Key?.Number ?? 0;

    /// <summary>PKRU value; sharing memory widens it.</summary>
    public uint Rights { get; set; }

    /// <summary>It has a process and a domain, to be in one or the other.</summary>
    public bool Movable { get; init; }

    public bool InKernel => placement is Placement.KernelDomain or Placement.KernelCode;

    /// <summary>Counts changes of placement and rights, for those who remember them.</summary>
    public int Version { get; private set; }

    ExecutionDomain? Fenced => placement == Placement.UserProcess ? null : Domain;

    public void RightsChanged()
    {
        Rights = Fenced?.Rights ?? Pkru.AllowAll;
        Version++;
    }
}
