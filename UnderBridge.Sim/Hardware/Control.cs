namespace UnderBridge.Sim.Hardware;

/// <summary>The bits of CR0 and CR4 that protection and TLB tags depend on.</summary>
[Flags]
enum Control
{
    None = 0,

    /// <summary>CR0.WP: read-only pages and write-denied keys bind supervisor mode too.</summary>
    Wp = 1,

    /// <summary>CR4.SMEP: supervisor mode fetches nothing from user-accessible pages.</summary>
    Smep = 2,

    /// <summary>CR4.SMAP: supervisor mode touches no data of user-accessible pages, unless EFLAGS.AC is set.</summary>
    Smap = 4,

    /// <summary>CR4.PKE: PKRU guards data of user-accessible pages.</summary>
    Pke = 8,

    /// <summary>CR4.PCIDE: translations are tagged by process, so that a CR3 write need not flush those of others.</summary>
    Pcide = 16,

    /// <summary>CR4.PKS: PKRS guards data of supervisor pages.</summary>
    Pks = 32,
}
