namespace UnderBridge.Sim.Containment;

/// <summary>What an attacker tries. Each kind has one attacker: a server that was compromised, or an app.</summary>
enum AttackKind
{
    /// <summary>A server writes to random places of memory.</summary>
    WildWrite,

    /// <summary>A server reads from random places of memory.</summary>
    WildRead,

    /// <summary>An app loads what it may not, and looks for the value where the load left it before it was refused (Meltdown).</summary>
    MeltdownByApp,

    /// <summary>A server does the same.</summary>
    MeltdownByServer,

    /// <summary>A server executes WRPKRU with a value of its own.</summary>
    ForgedPkru,

    /// <summary>A server jumps past the checks of a gate, onto the instruction that changes rights.</summary>
    GateJump,

    /// <summary>A server writes CR0, CR3 and CR4.</summary>
    PrivilegedInstruction,

    /// <summary>A server calls another for which it was granted no capability, with a token that it made up.</summary>
    ForgedToken,

    /// <summary>A server leaves an address in shared memory, which another takes for one of its own and follows.</summary>
    ConfusedDeputy,

    /// <summary>A server never gives the core up.</summary>
    LoopingServer,
}

/// <summary>How an attack ended.</summary>
enum AttackOutcome
{
    /// <summary>It reached nobody, whatever the design assumes.</summary>
    Contained,

    /// <summary>It reached nobody, and would have if an assumption of the design did not hold.</summary>
    ContainedWhileAssumed,

    /// <summary>It reached somebody.</summary>
    Breached,
}

/// <summary>What came of an attack on one system.</summary>
/// <param name="Kind">What was tried.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="DetectedAfter">Cycles from its first move until the processor, the kernel or the monitor stopped it, a mean where it strikes at random; null where nothing did.</param>
/// <param name="Reached">Whose private memory or entry it reached; with an assumption broken where the outcome is <see cref="AttackOutcome.ContainedWhileAssumed"/>.</param>
/// <param name="RestsOn">The assumption that contained it.</param>
sealed record AttackResult(AttackKind Kind, AttackOutcome Outcome, double? DetectedAfter, IReadOnlyList<string> Reached, Assumptions RestsOn = Assumptions.None);
