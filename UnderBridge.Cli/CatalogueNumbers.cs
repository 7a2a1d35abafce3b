using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Cli;

/// <summary>The sourced numbers of the catalogue, by the names that results and scenarios use for them.</summary>
static class CatalogueNumbers
{
    /// <summary>The machine that the published round trips were measured on.</summary>
    public const string DefaultMachine = "xeon-gold-6138";

    /// <summary>Every number as it holds on one machine.</summary>
    public static IReadOnlyDictionary<string, ISourced> Of(Catalogue catalogue, HardwareProfile machine)
    {
        var numbers = new SortedDictionary<string, ISourced>(StringComparer.Ordinal);
        foreach (var number in Of(machine).Concat(OfPaths(catalogue, machine)).Concat(OfKernels(catalogue, machine)).Concat(OfPrograms(catalogue)).Concat(catalogue.Recovery.All)) numbers.TryAdd(number.Name, number);
        return numbers;
    }

    public static IEnumerable<ISourced> Of(HardwareProfile machine) =>
        [.. machine.Prices.Values, machine.L1I.Latency, machine.L1D.Latency, machine.L2.Latency, machine.Llc.Latency, machine.TscGhz];

    static IEnumerable<ISourced> OfPaths(Catalogue catalogue, HardwareProfile machine) => catalogue.Paths.Values.SelectMany(path =>
        path.Numbers.Keys.Select(key => path.Number(key, machine.Name)).OfType<ISourced>().Concat(path.Footprints.Values.SelectMany(footprint =>
            new ISourced[] { footprint.CodeLines, footprint.CodePages, footprint.DataLines, footprint.DataPages })));

    static IEnumerable<ISourced> OfKernels(Catalogue catalogue, HardwareProfile machine) => catalogue.Kernels.Values.SelectMany(kernel => kernel.Residuals)
        .Select(residual => residual.ByMachine.GetValueOrDefault(machine.Name) ?? residual.ByMachine.GetValueOrDefault("any")).OfType<ISourced>();

    static IEnumerable<ISourced> OfPrograms(Catalogue catalogue) => catalogue.Programs.Values.SelectMany(program => new ISourced[]
    {
        program.CodeKib, program.DataKib, program.CodeDensity, program.DataDensity,
        program.StubCodeLines, program.StubCodePages, program.StubDataLines, program.StubDataPages,
    }.Concat(program.Prices.Values));
}
