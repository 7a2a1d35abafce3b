#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

var scenario = ScenarioReader.Load("scenarios/ipc-roundtrip.yaml", "machine.cr3-write=231");
foreach (var seen in Study.Run(scenario).Observations)
    Console.WriteLine($"{seen.System.Label,-20} {seen.Units.Average(),6:0} cycles, {seen.ByCause[Cause.Kpti] / seen.Units.Count} of them for KPTI");
