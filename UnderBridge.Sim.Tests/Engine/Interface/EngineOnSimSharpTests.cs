using System.Reflection;
using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>
/// What EngineOnSimSharp/ makes of SimSharp's interface, run on the engine that has the same interface: these files see nothing of it that SimSharp lacks.
/// </summary>
public class EngineOnSimSharpTests
{
    const string Scenario = """
        using System; using System.Collections.Generic; using System.Linq;
        using UnderBridge.Sim.Engine;
        namespace OnSimSharp;
        public static class Scenario
        {
            public static IEnumerable<string> Signals()
            {
                var (env, seen) = (new Simulation(), new List<string>());
                var signal = new Signal(env, "name");
                var waiter = env.Process(Waiter());
                env.Process(Setter());
                env.Run();
                return seen;

                IEnumerable<Event> Waiter()
                {
                    signal.Set();
                    signal.Set();
                    yield return signal.Wait();
                    seen.Add($"{env.Ticks} at once");
                    yield return signal.Wait();
                    seen.Add($"{env.Ticks} interrupted: {env.ActiveProcess.HandleFault()}");
                    yield return env.Hold(2);
                    yield return signal.Wait();
                    seen.Add($"{env.Ticks} woken after {env.EventCount}");
                    yield return signal.Wait() | env.Hold(3);
                    seen.Add($"{env.Ticks} waited for nothing");
                }

                IEnumerable<Event> Setter()
                {
                    yield return env.Hold(5);
                    signal.Set();
                    waiter.Interrupt();
                }
            }

            public static IEnumerable<string> Words()
            {
                var (env, other) = (new Simulation(7), new Simulation(7));
                var process = env.Process(Enumerable.Empty<Event>());
                yield return $"{process.Name} {process.Named("core 0").Name}";
                var draws = new[] { env.Stream("a").NextDouble(), env.Stream("b").NextDouble(), other.Stream("b").NextDouble(), env.Stream("b").NextDouble() };
                yield return $"{draws[0] == draws[1]} {draws[1] == draws[2]} {draws[2] == draws[3]}";
                var resource = new Resource(env);
                var (held, waiting) = (resource.Request(), resource.Request());
                yield return $"{held.Withdraw()} {waiting.Withdraw()} {resource.InUse}";
            }
        }
        """;

    static readonly Assembly assembly = Compile();

    [Test]
    public void A_signal_is_remembered_once_and_no_set_is_lost_to_an_interrupted_waiter() =>
        Assert.That(Run("Signals"), Is.EqualTo(new[] { "0 at once", "5 interrupted: True", "7 woken after 6", "10 waited for nothing" }));

    [Test]
    public void Processes_and_streams_have_names_and_requests_can_be_given_up() =>
        Assert.That(Run("Words"), Is.EqualTo(new[] { " core 0", "False True False", "False True 1" }));

    static IEnumerable<string> Run(string method) => (IEnumerable<string>)assembly.GetType("OnSimSharp.Scenario")!.GetMethod(method)!.Invoke(null, null)!;

    static Assembly Compile()
    {
        var sources = OnSimSharp.Read("UnderBridge.Sim/UnderBridge.Sim.csproj").Sources.Where(file => file.Contains("EngineOnSimSharp", StringComparison.Ordinal)).Select(File.ReadAllText)
            .Select(text => text.Replace("using SimSharp;", "using System; using System.Collections.Generic; using UnderBridge.Sim.Engine;", StringComparison.Ordinal)
                .Replace("namespace UnderBridge.Sim.Engine;", "#nullable enable\nnamespace OnSimSharp;", StringComparison.Ordinal));
        return OnSimSharp.Load("OnSimSharp", [.. sources, Scenario], typeof(Simulation).Assembly);
    }
}
