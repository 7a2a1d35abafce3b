using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Catalog;

/// <summary>
/// Gives numbers other values by their stable names, wherever they stand: prices and latencies of machines, numbers and footprints of paths, residuals of
/// kernels, prices of designs, working sets, prices and requests of programs. Grade, source and range stay, so a result still says what it rests on.
/// </summary>
sealed class MovedNumbers(IReadOnlyDictionary<string, double> values)
{
    Sourced<double> Of(Sourced<double> number) => values.TryGetValue(number.Name, out var value) ? number with { Value = value } : number;

    Sourced<int> Of(Sourced<int> count) => values.TryGetValue(count.Name, out var value) ? count with { Value = (int)Math.Round(value) } : count;

    CacheLevel Of(CacheLevel level) => level with { Latency = Of(level.Latency) };

    Dictionary<string, Sourced<double>> Of(IReadOnlyDictionary<string, Sourced<double>> numbers) => numbers.ToDictionary(entry => entry.Key, entry => Of(entry.Value));

    public HardwareProfile Of(HardwareProfile machine) => machine with
    {
        Prices = Of(machine.Prices), TscGhz = Of(machine.TscGhz),
        L1I = Of(machine.L1I), L1D = Of(machine.L1D), L2 = Of(machine.L2), Llc = Of(machine.Llc),
        Walker = machine.Walker is { } walker ? new PageWalkerSpec(Of(walker.Pml4es), Of(walker.Pdptes), Of(walker.Pdes), Of(walker.NestedTlb)) : null,
    };

    public IpcPath Of(IpcPath path) => path with
    {
        Numbers = path.Numbers.ToDictionary(entry => entry.Key, entry => (IReadOnlyDictionary<string, Sourced<double>>)Of(entry.Value)),
        Footprints = path.Footprints.ToDictionary(entry => entry.Key, entry => Of(entry.Value)),
    };

    PathFootprint Of(PathFootprint footprint)
    {
        var moved = footprint with { CodeLines = Of(footprint.CodeLines), DataLines = Of(footprint.DataLines) };
        return moved with { CodePages = Holding(moved.CodeLines, Of(footprint.CodePages), footprint.PageSize), DataPages = Holding(moved.DataLines, Of(footprint.DataPages), footprint.PageSize) };
    }

    // Lines have ranges of their own and so have pages, but fewer pages than hold the lines there can not be.
    static Sourced<int> Holding(Sourced<int> lines, Sourced<int> pages, PageSize size)
    {
        var perPage = size.Frames() * PageSizes.FrameBytes / PathFootprint.LineBytes;
        var least = (lines.Value + perPage - 1) / perPage;
        return pages.Value >= least ? pages : pages with { Value = least };
    }

    public RecoveryPrices Of(RecoveryPrices prices) => prices.With(Of);

    public ProgramSpec Of(ProgramSpec program) => program with
    {
        CodeKib = Of(program.CodeKib), DataKib = Of(program.DataKib), CodeDensity = Of(program.CodeDensity), DataDensity = Of(program.DataDensity),
        StubCodeLines = Of(program.StubCodeLines), StubCodePages = Of(program.StubCodePages), StubDataLines = Of(program.StubDataLines), StubDataPages = Of(program.StubDataPages),
        Prices = Of(program.Prices),
        Service = program.Service is { } service ? Of(service) : null,
    };

    ServiceSpec Of(ServiceSpec service) => service with
    {
        Work = Of(service.Work),
        Calls = [.. service.Calls.Select(call => KeyValuePair.Create(call.Key, Of(call.Value)))],
        Privileged = service.Privileged.ToDictionary(rate => rate.Key, rate => Of(rate.Value)),
    };

    public DesignSpec Of(DesignSpec design) => design with
    {
        Remapping = design.Remapping is { } remapping ? Of(remapping) : null,
        Deprivation = design.Deprivation is { } deprivation
            ? deprivation with { Patch = deprivation.Patch is { } patch ? Of(patch) : null, Checks = deprivation.Checks is { } checks ? Of(checks) : null }
            : null,
    };

    public KernelSpec Of(KernelSpec kernel) => kernel with { Residuals = [.. kernel.Residuals.Select(residual => residual with { ByMachine = Of(residual.ByMachine) })] };
}
