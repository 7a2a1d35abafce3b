namespace UnderBridge.Sim.Paths;

/// <summary>Where an app or a server lives.</summary>
public enum Placement
{
    /// <summary>A process of its own, in user mode.</summary>
    UserProcess,

    /// <summary>An execution domain of the kernel's address space, fenced by a protection key.</summary>
    KernelDomain,

    /// <summary>A protection-key domain inside the process of its clients.</summary>
    UserDomain,

    /// <summary>Linked into the kernel, without a fence.</summary>
    KernelCode,
}
