using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>What an access to memory does.</summary>
enum Access { Fetch, Read, Write }

/// <summary>Which rule of the processor an access or instruction broke (Intel SDM vol. 3, 4.6), in the order in which <see cref="Core.Check"/> asks.</summary>
enum ProtectionRule
{
    /// <summary>None: the access is allowed.</summary>
    Allowed,

    /// <summary>The current page table does not map the page.</summary>
    NotMapped,

    /// <summary>User mode touched a supervisor page.</summary>
    Supervisor,

    /// <summary>Supervisor mode fetched from a user-accessible page while CR4.SMEP was set.</summary>
    Smep,

    /// <summary>Supervisor mode read or wrote a user-accessible page while CR4.SMAP was set and EFLAGS.AC clear.</summary>
    Smap,

    /// <summary>A write to a read-only page, in user mode or while CR0.WP was set.</summary>
    ReadOnly,

    /// <summary>A fetch from a page that is not executable.</summary>
    NoExecute,

    /// <summary>PKRU denies data access to the page's key.</summary>
    KeyAccess,

    /// <summary>PKRU denies writes to the page's key, in user mode or while CR0.WP was set.</summary>
    KeyWrite,

    /// <summary>A privileged instruction in user mode.</summary>
    Privileged,

    /// <summary>A CR3 write with bit 63 set, to flush nothing, while CR4.PCIDE was clear.</summary>
    ReservedBit,
}

/// <summary>A violation: who, where (no region for an instruction), doing what, against which rule.</summary>
readonly record struct Fault(Owner Owner, Region? Region, int Page, Access Access, ProtectionRule Rule)
{
    /// <summary>Virtual address of the page in bytes; 0 for an instruction.</summary>
    public long Address => Region is null ? 0 : Region.AddressOf(Page);
}
