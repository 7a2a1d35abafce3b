using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Systems;

/// <summary>
/// What a program does with a request where nothing finer is known of it: so much work, so many calls of others, so many privileged instructions. Calls and
/// instructions are means; a fraction is carried on to the next request.
/// </summary>
sealed record ServiceSpec
{
    /// <summary>Cycles of work a request.</summary>
    public required Sourced<double> Work { get; init; }

    /// <summary>Calls a request, by the name of the program that is called, in the order in which they are made.</summary>
    public required IReadOnlyList<KeyValuePair<string, Sourced<double>>> Calls { get; init; }

    /// <summary>Privileged instructions in a million cycles of work, by class.</summary>
    public required IReadOnlyDictionary<PrivilegedClass, Sourced<double>> Privileged { get; init; }
}

/// <summary>How often a privileged instruction of a server is executed, which decides what becomes of it when the server is deprived of its privilege.</summary>
enum PrivilegedClass { Rare, Frequent }

/// <summary>What becomes of a privileged instruction of a server in the kernel.</summary>
enum PrivilegedHandling
{
    /// <summary>It executes as it is; the server is trusted with it.</summary>
    Native,

    /// <summary>The secure monitor forbids it: it leaves to the monitor, which carries it out.</summary>
    Exit,

    /// <summary>It was rewritten into a call of the microkernel through a gate.</summary>
    Rewritten,
}

/// <summary>How a design deprives its in-kernel servers of the privilege that their ring gives them.</summary>
sealed record DeprivationSpec
{
    public required PrivilegedHandling Rare { get; init; }
    public required PrivilegedHandling Frequent { get; init; }

    /// <summary>The path of an exit to the secure monitor; null where nothing exits.</summary>
    public string? ExitPath { get; init; }

    /// <summary>Cycles to rewrite one instruction, when it is first met; null where it is free or nothing is rewritten.</summary>
    public Sourced<double>? Patch { get; init; }

    /// <summary>What checks of control flow add to all work of servers, as a ratio; null where there are none.</summary>
    public Sourced<double>? Checks { get; init; }

    public PrivilegedHandling Of(PrivilegedClass instructions) => instructions == PrivilegedClass.Rare ? Rare : Frequent;
}
