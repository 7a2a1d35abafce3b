using System.CommandLine;
using UnderBridge.Sim.Benchmarks;

return new RootCommand("How fast the engine and the hardware model are.") { EngineBenchmark.Create(), HardwareBenchmark.Create() }.Parse(args).Invoke();
