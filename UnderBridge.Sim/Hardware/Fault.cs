using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>What an access to memory does.</summary>
public enum Access { Fetch, Read, Write }

/// <summary>Which rule of the processor an access or instruction broke, in the order they are checked.</summary>
public enum ProtectionRule
{
    /// <summary>None: the access is allowed.</summary>
    Allowed,

    /// <summary>The current page table does not map the page.</summary>
    NotMapped,

    /// <summary>User mode touched a supervisor page.</summary>
    Supervisor,

    /// <summary>A write to a read-only page; CR0.WP is set, so this holds in every ring.</summary>
    ReadOnly,

    /// <summary>A fetch from a page that is not executable.</summary>
    NoExecute,

    /// <summary>PKRU denies data access to the page's key.</summary>
    KeyAccess,

    /// <summary>PKRU denies writes to the page's key; CR0.WP is set, so this holds in every ring.</summary>
    KeyWrite,

    /// <summary>A privileged instruction in user mode.</summary>
    Privileged,
}

/// <summary>A violation: who, where (no region for an instruction), doing what, against which rule.</summary>
public readonly record struct Fault(Owner Owner, Region? Region, int Page, Access Access, ProtectionRule Rule);
