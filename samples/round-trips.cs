#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

var catalogue = Catalogue.Load();
var scenario = ScenarioReader.Load("scenarios/ipc-roundtrip.yaml", catalogue, "machine.cr3-write=231");
foreach (var seen in new Study(catalogue).Run(scenario, jobs: 2).Observations)
    Console.WriteLine($"{seen.System.Label,-20} {seen.Units.Average(),6:0} cycles, {seen.ByCause[Cause.Kpti] / seen.Units.Count} of them for KPTI");
