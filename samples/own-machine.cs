#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// A machine of one's own in code: a Xeon Gold 6138 whose WRPKRU waits for stores, with half the second-level cache. What does a round trip take there, and how much of it
// rests on one's own numbers? Kernels and gates are said to run their own code as on the Xeon. `scenario with { Machine = "mine" }` and sweeps over the key `machine` take it too.
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

var catalogue = Catalogue.Load();
var xeon = catalogue.Machines["xeon-gold-6138"];
var mine = xeon with
{
    Name = "mine",
    Title = "My Xeon",
    L2 = xeon.L2 with { Sets = xeon.L2.Sets / 2 },
    Prices = new Dictionary<string, Sourced<double>>(xeon.Prices) { ["wrpkru"] = xeon.Price("wrpkru").Override(68, "my bench") },
};
var study = Study.Sweep("mine", ["underbridge", "skybridge", "sel4 with kpti"], [new ListAxis("machine", [xeon.Name, mine.Name])], options: new() { Catalogue = catalogue.With(mine, like: xeon.Name) });
foreach (var seen in study.Observations)
{
    var own = seen.ByNumber.Where(share => share.Number.Source.Key == "user").Sum(share => share.Cycles) / seen.Units.Count;
    Console.WriteLine(FormattableString.Invariant($"{seen.Point,-22}  {seen.System.Label,-12}  {seen.Units.Average(),5:0} cycles, {own,3:0} of them on numbers of mine"));
}
