using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Paths;

/// <summary>What a step acts on.</summary>
public enum StepTarget
{
    /// <summary>Nothing: the kind says all.</summary>
    None,

    /// <summary>Who calls: its rights, view, stack or thread.</summary>
    Caller,

    /// <summary>Who is called.</summary>
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
public enum Isolation
{
    /// <summary>Nothing: either can read and write all of the other.</summary>
    None,

    /// <summary>Page tables of their own.</summary>
    AddressSpace,

    /// <summary>Views of their own of the memory that a hypervisor maps by EPT, switched by VMFUNC.</summary>
    EptView,

    /// <summary>Memory-protection keys of their own in one address space, switched by WRPKRU or a write to PKRS.</summary>
    ProtectionKey,
}

/// <summary>One step of a path.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Target">What it acts on; <see cref="StepTarget.None"/> for kinds that act on nothing.</param>
/// <param name="Price">A number of the path's own, or <c>machine.key</c> for a price of the machine, in cycles; null takes the machine's price of the kind.</param>
/// <param name="When">The features under which it is there.</param>
/// <param name="Footprint">The footprint of the path that it touches, by name; null for none.</param>
/// <param name="Line">Line in the path's file, from 1, for messages.</param>
public sealed record Step(StepKind Kind, StepTarget Target, string? Price, StepCondition When, string? Footprint, int Line);

/// <summary>Lines and pages that a step touches. Pages hold the lines evenly.</summary>
/// <param name="Name">By which steps name it.</param>
/// <param name="CodeLines">Lines of 64 bytes that are executed.</param>
/// <param name="CodePages">Pages that they lie in.</param>
/// <param name="DataLines">Lines of 64 bytes that are read.</param>
/// <param name="DataPages">Pages that they lie in.</param>
/// <param name="PageSize">Size of its pages.</param>
/// <param name="UserPages">The pages are the processes' (a trampoline), and not the kernel's.</param>
public sealed record PathFootprint(
    string Name, Sourced<int> CodeLines, Sourced<int> CodePages, Sourced<int> DataLines, Sourced<int> DataPages, PageSize PageSize, bool UserPages)
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
    /// <summary>Key in the catalogue.</summary>
    public required string Name { get; init; }

    /// <summary>As reports show it.</summary>
    public required string Title { get; init; }

    /// <summary>Where the caller lives.</summary>
    public required Placement Caller { get; init; }

    /// <summary>Where the callee lives.</summary>
    public required Placement Callee { get; init; }

    /// <summary>What separates the two.</summary>
    public required Isolation Isolation { get; init; }

    /// <summary>From the caller to the callee, in order.</summary>
    public required IReadOnlyList<Step> Call { get; init; }

    /// <summary>From the callee back, in order.</summary>
    public required IReadOnlyList<Step> Reply { get; init; }

    /// <summary>Prices in cycles by key and machine; the machine <c>any</c> serves all.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, Sourced<double>>> Numbers { get; init; }

    /// <summary>What its steps touch, by name.</summary>
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
