using System.Globalization;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Reports;

/// <summary>A path as a table: its steps in order, what each costs and why, and where each price comes from.</summary>
static class PathExplanation
{
    /// <summary>The steps of both legs that apply under these features; the price of a step is its direct cost, without the refills that its footprint may need.</summary>
    public static Table Of(IpcPath path, KernelFeatures features, HardwareProfile machine)
    {
        var program = StepProgram.Compile(path, features, machine, new Provenance(), footprints: null);
        var total = 0.0;
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (leg, steps) in new[] { ("call", program.Call), ("reply", program.Reply) })
        {
            foreach (var step in steps)
            {
                total += step.Cycles;
                rows.Add(Cells(leg, step, total));
            }
        }
        return new Table($"{path.Title} on {machine.Title}",
            [
                new("leg"), new("step"), new("target"), new("when"), new("cause"), new("cycles", Alignment.Right), new("sum", Alignment.Right), new("footprint"),
                new("grade"), new("number"), new("source"), new("note"),
            ], rows);
    }

    static IReadOnlyList<string> Cells(string leg, CompiledStep step, double total)
    {
        var target = step.Source.Target == StepTarget.None ? "" : Kebab.Of(step.Source.Target);
        var number = step.Number;
        return
        [
            leg, Kebab.Of(step.Source.Kind), target, step.Source.When.ToString(), number is null ? "" : step.Cause.Title(), number is null ? "" : Text(step.Cycles), Text(total),
            step.Source.Footprint ?? "", number is null ? "" : Kebab.Of(number.Grade), number?.Name ?? "", number?.Source.ToString() ?? "", number?.Note ?? "",
        ];
    }

    static string Text(double cycles) => cycles.ToString("0.##", CultureInfo.InvariantCulture);
}
