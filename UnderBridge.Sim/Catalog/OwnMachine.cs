using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Catalog;

/// <summary>
/// A hardware profile made in code, on its way into a catalogue. It meets the checks of a file, and no number of it claims evidence that it does not have: one that is
/// not just as a profile of the catalogue has it is the user's own.
/// </summary>
sealed class OwnMachine(HardwareProfile machine, string like, Catalogue catalogue)
{
    const string User = "user";

    readonly string by = $"the machine '{machine.Name}' in code";

    /// <summary>The profile with the origin of each number.</summary>
    public HardwareProfile WithOrigins() => machine with
    {
        TscGhz = Of(machine.TscGhz, other => other.TscGhz),
        Prices = machine.Prices.ToDictionary(price => price.Key, price => Of(price.Value, other => other.Prices.GetValueOrDefault(price.Key))),
        L1I = Of(machine.L1I, other => other.L1I),
        L1D = Of(machine.L1D, other => other.L1D),
        L2 = Of(machine.L2, other => other.L2),
        Llc = Of(machine.Llc, other => other.Llc),
        Tlbs = [.. machine.Tlbs.Select(Of)],
        Walker = machine.Walker is not { } walker ? null : new PageWalkerSpec(
            Of(walker.Pml4es, other => other.Walker?.Pml4es), Of(walker.Pdptes, other => other.Walker?.Pdptes), Of(walker.Pdes, other => other.Walker?.Pdes),
            Of(walker.NestedTlb, other => other.Walker?.NestedTlb)),
        BranchPredictor = machine.BranchPredictor is not { } predictor ? null : new BranchPredictorSpec(
            Of(predictor.Sets, other => other.BranchPredictor?.Sets), Of(predictor.Ways, other => other.BranchPredictor?.Ways)),
    };

    /// <summary>A path with what is known of the machine that this one is like.</summary>
    public IpcPath Over(IpcPath path) => path with { Numbers = path.Numbers.ToDictionary(number => number.Key, number => (IReadOnlyDictionary<string, Sourced<double>>)Over(number.Value)) };

    /// <summary>A kernel, likewise.</summary>
    public KernelSpec Over(KernelSpec kernel) => kernel with { Residuals = [.. kernel.Residuals.Select(residual => residual with { ByMachine = Over(residual.ByMachine) })] };

    // What was known of one that it replaces is forgotten.
    Dictionary<string, Sourced<double>> Over(IReadOnlyDictionary<string, Sourced<double>> byMachine)
    {
        var over = byMachine.Where(one => one.Key != machine.Name).ToDictionary();
        if (byMachine.TryGetValue(like, out var number)) over[machine.Name] = number with { Grade = Grade.Assumed, RestsOn = null, Note = $"as on {like}" };
        return over;
    }

    /// <summary>Reports what a file would be refused for.</summary>
    public void Check(ErrorList errors)
    {
        void Refuse(string found, string expected, string? meant = null) => errors.Add(by, found, expected, meant);

        if (machine.Name.Length == 0 || machine.Name.Any(letter => !(char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.')))
            Refuse($"the name '{machine.Name}'", "lower-case letters, digits, hyphens and dots");
        else if (catalogue.Machines.ContainsKey(machine.Name) && !catalogue.WasAdded(machine.Name))
            Refuse($"the name '{machine.Name}' of a machine of the catalogue", "a name of its own, for results of that machine are held against publications");
        else if (machine.Name == "any") Refuse("the name 'any'", "another, for the numbers of paths that serve all machines are called so");
        if (like.Length > 0 && !catalogue.Machines.ContainsKey(like)) Refuse($"'{like}' as the machine that it is like", "a machine of the catalogue", Nearest.To(like, catalogue.Machines.Keys));
        foreach (var (key, price) in machine.Prices)
            if (!HardwareReader.Prices.TryGetValue(key, out var kind)) Refuse($"the price '{key}'", "the key of a price", Nearest.To(key, HardwareReader.Prices.Keys));
            else if (price.Name != $"{HardwareReader.Prefix}.{key}") Refuse($"the price '{key}' by the name '{price.Name}'", $"'{HardwareReader.Prefix}.{key}'");
            else CheckNumber(price, kind.Bounds);
        foreach (var key in HardwareReader.Prices.Where(kind => kind.Value.Required && !machine.Prices.ContainsKey(kind.Key)).Select(kind => kind.Key)) Refuse($"no price '{key}'", "one for every machine");
        CheckNumber(machine.TscGhz, Bounds.Positive);
        foreach (var level in new[] { machine.L1I, machine.L1D, machine.L2, machine.Llc })
        {
            CheckNumber(level.Latency, Bounds.Cycles);
            if (level.Sets < 1 || level.Ways < 1) Refuse(FormattableString.Invariant($"{level.Name} of {level.Sets} sets and {level.Ways} ways"), "at least one of each");
            if (!int.IsPow2(level.BlockBytes)) Refuse(FormattableString.Invariant($"{level.Name} with lines of {level.BlockBytes} bytes"), "a power of two");
        }
        foreach (var tlb in machine.Tlbs.Where(tlb => tlb.Sets < 1 || tlb.Ways < 1)) Refuse(FormattableString.Invariant($"{tlb.Name} of {tlb.Sets} sets and {tlb.Ways} ways"), "at least one of each");
        Sourced<int>?[] counts = [machine.Walker?.Pml4es, machine.Walker?.Pdptes, machine.Walker?.Pdes, machine.Walker?.NestedTlb, machine.BranchPredictor?.Sets, machine.BranchPredictor?.Ways];
        foreach (var count in counts.OfType<Sourced<int>>().Where(count => count.Value < 1)) Refuse(FormattableString.Invariant($"{count.Name} at {count.Value} {count.Unit}"), "at least 1");
        foreach (var (_, found, expected) in HardwareReader.Faults(machine)) Refuse(found, expected);

        void CheckNumber(Sourced<double> number, Bounds bounds)
        {
            if (!double.IsFinite(number.Value) || !bounds.Contains(number.Value)) Refuse(FormattableString.Invariant($"{number.Name} at {number.Value} {number.Unit}"), $"a number{bounds}");
        }
    }

    Sourced<T> Of<T>(Sourced<T> number, Func<HardwareProfile, Sourced<T>?> same) where T : struct, IConvertible, IComparable<T> =>
        catalogue.Machines.Values.Any(other => same(other) == number) ? number
        // Who says where their number is from is taken at their word, but not for evidence.
        : number.Source.Key == User && number.LowNumber <= number.Number && number.Number <= number.HighNumber ? number with { Grade = Grade.Assumed, RestsOn = null }
        : number.Override(number.Value, by);

    CacheLevel Of(CacheLevel level, Func<HardwareProfile, CacheLevel> same)
    {
        var own = level with { Latency = Of(level.Latency, other => same(other).Latency) };
        return catalogue.Machines.Values.Any(other => same(other) with { Latency = level.Latency } == level) ? own : own with { Grade = Grade.Assumed, Source = new Citation(User, by) };
    }

    TlbLevel Of(TlbLevel tlb) => catalogue.Machines.Values.Any(other => other.Tlbs.Any(known => known with { Pages = tlb.Pages } == tlb && known.Pages.SequenceEqual(tlb.Pages)))
        ? tlb : tlb with { Grade = Grade.Assumed, Source = new Citation(User, by) };
}
