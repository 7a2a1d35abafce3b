using UnderBridge.Sim.Benchmarks;

return Benchmarks.Run(args);
