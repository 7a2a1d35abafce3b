namespace UnderBridge.Sim.Paths;

/// <summary>What a kernel does with the floating-point state at a switch.</summary>
public enum FpuPolicy
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Switches CR0.TS at every switch while any thread owns the state.</summary>
    Toggle,

    /// <summary>Switches CR0.TS by a flag of each thread.</summary>
    Flag,

    /// <summary>The same where both threads have the flag: CR0.TS is cleared, and the state saved and restored, at every switch.</summary>
    FlagBoth,

    /// <summary>Saves and restores at every switch.</summary>
    Eager,
}

/// <summary>The build options of a kernel that decide which steps its paths take.</summary>
public sealed record KernelFeatures
{
    /// <summary>Separate page tables for user and kernel mode.</summary>
    public bool Kpti { get; init; }

    /// <summary>Tags TLB entries by process, so that a CR3 write flushes nothing.</summary>
    public bool Pcid { get; init; }

    /// <summary>Maps the kernel with the global bit while KPTI is off.</summary>
    public bool GlobalPages { get; init; }

    /// <summary>Built for several cores: takes its lock on every path.</summary>
    public bool Smp { get; init; }

    /// <summary>Finds its per-core data through GS.</summary>
    public bool Swapgs { get; init; }

    /// <summary>What it does with the floating-point state at a switch.</summary>
    public FpuPolicy Fpu { get; init; }

    /// <summary>Sets CR4.SMEP, so that the kernel executes no user-accessible page.</summary>
    public bool Smep { get; init; }

    /// <summary>Sets CR4.SMAP, so that the kernel touches no data of user-accessible pages.</summary>
    public bool Smap { get; init; }
}

/// <summary>Where a step applies: all its terms must hold. The names are those that path files use after <c>when:</c>.</summary>
/// <param name="Terms">None is always.</param>
public sealed record StepCondition(IReadOnlyList<StepCondition.Term> Terms)
{
    /// <summary>One name, or its negation.</summary>
    /// <param name="Name">One of <see cref="Names"/>.</param>
    /// <param name="Negated">It must not hold.</param>
    public readonly record struct Term(string Name, bool Negated);

    public static readonly StepCondition Always = new([]);

    public static readonly IReadOnlyList<string> Names =
        ["kpti", "pcid", "smp", "swapgs", "global-pages", "fpu-ts", "fpu-both", "fpu-eager", "space-changes"];

    /// <summary>Reads <c>kpti and not pcid</c>; returns the first name it does not know in <paramref name="unknown"/>.</summary>
    public static StepCondition? Parse(string text, out string? unknown)
    {
        var terms = new List<Term>();
        foreach (var part in text.Split(" and ", StringSplitOptions.TrimEntries))
        {
            var negated = part.StartsWith("not ", StringComparison.Ordinal);
            var name = negated ? part[4..].Trim() : part;
            if (!Names.Contains(name))
            {
                unknown = name;
                return null;
            }
            terms.Add(new Term(name, negated));
        }
        unknown = null;
        return new StepCondition(terms);
    }

    /// <summary>True when the step is not there without the feature of this name.</summary>
    public bool Needs(string name) => Terms.Contains(new Term(name, Negated: false));

    public bool Holds(KernelFeatures features, bool spaceChanges) =>
        Terms.All(term => Value(term.Name, features, spaceChanges) != term.Negated);

    public override string ToString() => string.Join(" and ", Terms.Select(term => term.Negated ? $"not {term.Name}" : term.Name));

    static bool Value(string name, KernelFeatures features, bool spaceChanges) => name switch
    {
        "kpti" => features.Kpti,
        "pcid" => features.Pcid,
        "smp" => features.Smp,
        "swapgs" => features.Swapgs,
        "global-pages" => features.GlobalPages,
        "fpu-ts" => features.Fpu is FpuPolicy.Toggle or FpuPolicy.Flag,
        "fpu-both" => features.Fpu == FpuPolicy.FlagBoth,
        "fpu-eager" => features.Fpu == FpuPolicy.Eager,
        "space-changes" => spaceChanges,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a condition"),
    };
}
