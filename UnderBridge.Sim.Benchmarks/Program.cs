using System.CommandLine;
using System.CommandLine.Invocation;
using UnderBridge.Sim.Benchmarks;

const int badInput = 2;

var root = new RootCommand("How fast the engine and the hardware model are.") { EngineBenchmark.Create(), HardwareBenchmark.Create() };
var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed.Errors.Count == 0 || parsed.Action is CommandLineAction { ClearsParseErrors: true }) return parsed.Invoke();
foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
return badInput;
