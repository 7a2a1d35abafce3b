using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Paths;

/// <summary>What a step acts on.</summary>
public enum StepTarget
{
    None,
    Caller,
    Callee,

    /// <summary>The kernel itself: its page table under KPTI, its rights, its stack.</summary>
    Kernel,

    /// <summary>The user's page table of the kernel's current thread, under KPTI.</summary>
    User,

    /// <summary>The address space of the kernel's current thread.</summary>
    Thread,
}

/// <summary>A part of a path, or both together.</summary>
enum PathLeg { Both, Call, Reply }

/// <summary>What separates the callee from the caller.</summary>
public enum Isolation { None, AddressSpace, EptView, ProtectionKey }

/// <summary>
/// One step of a path. <paramref name="Price"/> names a number of the path's own, or <c>machine.key</c> a price of the machine, null takes the kind's;
/// <paramref name="Footprint"/> names a footprint of the path that the step touches.
/// </summary>
public sealed record Step(StepKind Kind, StepTarget Target, string? Price, StepCondition When, string? Footprint, int Line);

/// <summary>
/// Lines and pages that a step touches. Counts are lines of 64 bytes; pages hold them evenly. <paramref name="HugePages"/> counts in pages
/// of 2 MB; <paramref name="UserPages"/> are pages of the processes (a trampoline) and not of the kernel.
/// </summary>
public sealed record PathFootprint(
    string Name, Sourced<int> CodeLines, Sourced<int> CodePages, Sourced<int> DataLines, Sourced<int> DataPages, bool HugePages, bool UserPages)
{
    internal const int LineBytes = 64;

    /// <summary>Taken branches in the code; null where nobody counted them, and they cost nothing.</summary>
    public Sourced<int>? Branches { get; init; }

    /// <summary>All counts that it has.</summary>
    public IEnumerable<ISourced> Counts => new ISourced?[] { CodeLines, CodePages, DataLines, DataPages, Branches }.OfType<ISourced>();

    /// <summary>The footprint with all counts moved to the same place in their ranges.</summary>
    internal PathFootprint At(RangeEnd end) => this with
    {
        CodeLines = CodeLines.At(end), CodePages = CodePages.At(end), DataLines = DataLines.At(end), DataPages = DataPages.At(end), Branches = Branches?.At(end),
    };
}

/// <summary>How control crosses from a caller to a callee and back: two lists of steps, with the numbers and footprints they use.</summary>
public sealed record IpcPath
{
    public required string Name { get; init; }
    public required string Title { get; init; }
    public required Placement Caller { get; init; }
    public required Placement Callee { get; init; }
    public required Isolation Isolation { get; init; }
    public required IReadOnlyList<Step> Call { get; init; }
    public required IReadOnlyList<Step> Reply { get; init; }

    /// <summary>Prices in cycles by key and machine; the machine <c>any</c> serves all.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sourced<double>>> Numbers { get; init; }

    public required IReadOnlyDictionary<string, PathFootprint> Footprints { get; init; }

    /// <summary>The file it was read from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>Caller and callee are threads of one process.</summary>
    public bool OneSpace => this is { Caller: Placement.UserProcess, Callee: Placement.UserProcess, Isolation: Isolation.None };

    /// <summary>The path with all its footprints moved to the same place in their ranges.</summary>
    internal IpcPath AtSizes(RangeEnd end) => this with { Footprints = Footprints.ToDictionary(entry => entry.Key, entry => entry.Value.At(end)) };

    /// <summary>The path with the same steps, which touch nothing.</summary>
    public IpcPath WithoutFootprints() => this with
    {
        Call = [.. Call.Select(step => step with { Footprint = null })], Reply = [.. Reply.Select(step => step with { Footprint = null })],
    };

    /// <summary>What a step's price of this name is on a machine; null when there is none.</summary>
    internal Sourced<double>? Price(string name, HardwareProfile machine) => name.StartsWith(OfMachine, StringComparison.Ordinal)
        ? machine.Prices.GetValueOrDefault(name[OfMachine.Length..]) : Number(name, machine.Name);

    const string OfMachine = "machine.";

    /// <summary>The number a step of this path names, for one machine; null when there is none.</summary>
    public Sourced<double>? Number(string key, string machine) =>
        Numbers.TryGetValue(key, out var byMachine) ? byMachine.GetValueOrDefault(machine) ?? byMachine.GetValueOrDefault("any") : null;
}
