using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Observations;
try {
var c = Catalogue.Load();
var m = c.Machines["xeon-gold-6138"];
void Go(string design, string kernel, bool? kpti) {
  var k = c.Kernels[kernel]; if (kpti is {} b) k = k with { Features = k.Features with { Kpti = b } };
  var d = c.Designs[design];
  string P(string x) => x == "native" ? k.IpcPath : x;
  var s = new SimulatedSystem(new SystemSpec(m, k, d, c.Paths[P(d.AppPath)], c.Paths[P(d.ServerPath)]), 1);
  var loop = new EchoLoop(s, c.Programs["echo"], 200, 1000);
  loop.Run();
  Console.WriteLine($"{design} {kernel} {k.Features.Kpti}: {loop.RoundTrips.Average()} min {loop.RoundTrips.Min()} max {loop.RoundTrips.Max()} faults {s.Core.Faults.Count}");
  foreach (var f in s.Core.Faults.Take(3)) Console.WriteLine("  " + f);
  foreach (var cause in Causes.All) { var x = s.Core.Ledger[cause] - loop.Begin![cause]; if (x != 0) Console.WriteLine($"   {cause} {x/1000.0}"); }
}
Go("monolithic","chcore",null); Go("underbridge","chcore",null); Go("skybridge","sel4",null); Go("native","sel4",false); Go("native","sel4",true);
Go("native","fiasco",false); Go("native","fiasco",true); Go("native","zircon",false); Go("native","zircon",true);
Go("erim","chcore",null);
} catch (InputException e) { Console.WriteLine(e.Message); }
