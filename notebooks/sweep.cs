#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:project ../UnderBridge.Sim.Charts/UnderBridge.Sim.Charts.csproj
#:property PublishAot=false
// The sweep of sweep-wrpkru-and-cr3.ipynb without a notebook: `dotnet run notebooks/sweep.cs` from the root of the clone leaves results.csv and a heat map in wrpkru-and-cr3.
using UnderBridge.Sim.Charts;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

const string folder = "wrpkru-and-cr3";
var roundTrip = ScenarioReader.Load("scenarios/ipc-roundtrip.yaml");
var scenario = roundTrip with
{
    Systems = [.. roundTrip.Systems.Where(system => system.Label is "ChCore (UnderBridge)" or "SkyBridge" or "seL4")],
    Sweep = new Sweep(
    [
        new RangeAxis("machine.wrpkru", 11, 1000, Logarithmic: true, Whole: false).Cut(steps: 9),
        new RangeAxis("machine.cr3-write", 100, 1000, Logarithmic: true, Whole: false).Cut(steps: 7),
    ]),
    Figures = [new FigureRequest(FigureRequest.HeatMap, "against-sel4", "UnderBridge against seL4", Against: "sel4")],
};
var result = Study.Run(scenario, new() { Jobs = 2 });
var rows = StudyRows.Of(result);
ResultsCsv.Write(Path.Combine(folder, "results.csv"), rows);
foreach (var (name, figure) in StudyFigures.Of(result, rows)) ChartWriter.Write(figure, folder, name);
Console.WriteLine($"{rows.Count} results in {folder}");
