using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Multicore;

namespace UnderBridge.Sim.Tests;

/// <summary>Servers on several cores against closed forms of queueing theory, and against the prices of the paths they are reached by.</summary>
public class ClosedLoopTests
{
    static readonly string[] designs = ["sel4-cross-core", "big-lock", "fine-lock", "native", "skybridge", "underbridge", "monolithic"];

    // A program that touches no memory as it works, so that only prices and waiting are left.
    static readonly ProgramSpec numb = Bench.Echo with { CodeDensity = Bench.Echo.CodeDensity.Override(0, "test"), DataDensity = Bench.Echo.DataDensity.Override(0, "test") };

    static readonly ClosedLoopSpec bare = new() { Cores = 2, SharedLines = 0, WarmUp = 50, Requests = 200, Exponential = false, Think = 0, Service = 0 };

    static ClosedLoopSystem Run(string design, ClosedLoopSpec load, int seed = 1)
    {
        var system = new ClosedLoopSystem(Bench.Spec(design, "sel4"), numb, numb, load, seed);
        system.Run();
        return system;
    }

    static double Throughput(ClosedLoopSystem system, ClosedLoopSpec load) =>
        load.Requests / (double)(system.Completions[load.WarmUp + load.Requests - 1] - system.Completions[load.WarmUp - 1]);

    static double Price(IEnumerable<CompiledStep> steps) => steps.Sum(step => step.Cycles);

    static StepProgram CrossCore => StepProgram.Compile(Shipped.Catalogue.Paths["sel4-cross-core"], Shipped.Catalogue.Kernels["sel4"].Features, Shipped.Xeon, new Provenance(), footprints: null);

    [Test]
    public void A_call_to_an_idle_server_on_another_core_costs_both_slow_legs_and_two_IPIs()
    {
        var system = Run("sel4-cross-core", bare);
        Assert.That(system.Responses.Skip(bare.WarmUp).Average(), Is.EqualTo(CrossCore.RoundTripPrice).Within(1));
        Assert.That(CrossCore.RoundTripPrice, Is.EqualTo(134 + 134 + 897 + 829 + 2 * 1913).Within(1e-6));
    }

    [Test]
    public void SkyBridges_published_round_trip_across_cores_lies_between_no_wake_and_the_dearest_one()
    {
        var published = Shipped.Catalogue.Bibliography.Published["skybridge-rt-sel4-cross-core"].Value;
        Assert.That(published, Is.InRange(CrossCore.RoundTripPrice, CrossCore.RoundTripPrice + 2 * Shipped.Xeon.Prices["wake"].High));
    }

    [TestCase("skybridge")]
    [TestCase("underbridge")]
    [TestCase("monolithic")]
    [TestCase("native")]
    public void A_call_on_the_callers_own_core_costs_its_path_and_no_IPI(string design)
    {
        var spec = Bench.Spec(design, "sel4");
        var price = StepProgram.Compile(spec.AppPath, spec.Kernel.Features, spec.Machine, new Provenance(), footprints: null).RoundTripPrice;
        var system = Run(design, bare);
        Assert.That(system.Responses.Skip(bare.WarmUp).Average(), Is.EqualTo(price).Within(1));
        Assert.That(system.Cores.Sum(core => core.Ledger[Cause.Ipi]), Is.Zero);
    }

    [Test]
    public void A_saturated_server_answers_once_per_service_and_its_own_part_of_the_legs_without_any_IPI_to_it()
    {
        var load = bare with { Cores = 12, Service = 5000, Exponential = true, WarmUp = 500, Requests = 6000 };
        var system = Run("sel4-cross-core", load);
        var reply = CrossCore.Reply.TakeWhile(step => step.Source.Kind != StepKind.Ipi);
        var call = CrossCore.Call.SkipWhile(step => step.Source.Kind != StepKind.Wake).Skip(1);
        var busy = load.Service + Price(reply) + Price(call) + Shipped.Xeon.Prices["wrmsr"].Value;
        Assert.That(Throughput(system, load) * busy, Is.EqualTo(1).Within(0.04));
        Assert.That(system.Cores[0].Ledger[Cause.Idle], Is.LessThan(system.Elapsed / 100));
    }

    /// <summary>M/M/c//N: N clients that think for an exponential time share c servers with exponential service; Erlang's machine repairmen.</summary>
    static double Repairmen(int clients, int servers, double think, double service)
    {
        var weight = 1.0;
        var (sum, busy) = (1.0, 0.0);
        for (var n = 1; n <= clients; n++)
        {
            weight *= (clients - n + 1) / think / (Math.Min(n, servers) / service);
            sum += weight;
            busy += weight * Math.Min(n, servers);
        }
        return busy / sum / service;
    }

    // Service is so long that the legs of the path hardly count: 1.5 % of it at most.
    [TestCase(1, 3)]
    [TestCase(1, 7)]
    [TestCase(2, 6)]
    [TestCase(3, 12)]
    public void Threads_of_a_server_on_cores_of_their_own_serve_as_repairmen_do(int servers, int clients)
    {
        var load = bare with { Cores = servers + clients, ServerCores = servers, Think = 1_000_000, Service = 300_000, Exponential = true, WarmUp = 500, Requests = 20_000 };
        Assert.That(Throughput(Run("sel4-cross-core", load), load), Is.EqualTo(Repairmen(clients, servers, load.Think, load.Service)).Within(3).Percent);
    }

    // The lock is the repairman, and what runs outside it is thinking.
    [TestCase(4)]
    [TestCase(16)]
    public void A_lock_around_the_whole_service_makes_the_cores_queue_for_one_repairman(int cores)
    {
        var load = bare with { Cores = cores, Think = 1_000_000, Service = 200_000, LockedShare = 1, Exponential = true, WarmUp = 500, Requests = 20_000 };
        Assert.That(Throughput(Run("underbridge", load), load), Is.EqualTo(Repairmen(cores, 1, load.Think, load.Service)).Within(3).Percent);
    }

    [Test]
    public void A_share_under_a_lock_bounds_the_gain_as_Amdahl_says()
    {
        var load = bare with { Service = 100_000, LockedShare = 0.25, WarmUp = 200, Requests = 2000 };
        var one = Throughput(Run("skybridge", load with { Cores = 1 }), load);
        foreach (var cores in new[] { 2, 4, 16 })
        {
            var gain = Throughput(Run("skybridge", load with { Cores = cores }), load) / one;
            Assert.That(gain, Is.InRange(1 / (0.25 + 0.75 / cores) * 0.97, Math.Min(cores, 1 / 0.25) * 1.01), $"{cores} cores");
        }
    }

    [Test]
    public void One_lock_of_the_kernel_is_what_the_fine_ones_are_free_of()
    {
        var load = bare with { Cores = 16, Think = 500, Exponential = true, WarmUp = 500, Requests = 6000 };
        var (big, fine) = (Run("big-lock", load), Run("fine-lock", load));
        var held = Price(BigLock.Call.SkipWhile(step => step.Source.Kind != StepKind.LockAcquire).TakeWhile(step => step.Source.Kind != StepKind.LockRelease))
            + Price(BigLock.Reply.SkipWhile(step => step.Source.Kind != StepKind.LockAcquire).TakeWhile(step => step.Source.Kind != StepKind.LockRelease)) + 2 * Shipped.Xeon.Prices["lock-transfer"].Value;
        Assert.That(Throughput(big, load) * held, Is.EqualTo(1).Within(0.03), "the big lock is never free");
        Assert.That(Throughput(fine, load) / Throughput(Run("fine-lock", load with { Cores = 1 }), load), Is.EqualTo(16).Within(1));
        // Both pay the transfers; only the big one waits.
        Assert.That(big.Cores.Sum(core => core.Ledger[Cause.LockWait]), Is.GreaterThan(5 * fine.Cores.Sum(core => core.Ledger[Cause.LockWait])));
    }

    static StepProgram BigLock => StepProgram.Compile(
        Shipped.Catalogue.Paths["sel4-fastpath"], Shipped.Catalogue.Kernels["sel4"].Features with { Smp = true, Swapgs = true }, Shipped.Xeon, new Provenance(), footprints: null);

    [Test]
    public void Every_cycle_of_every_core_has_one_cause()
    {
        foreach (var design in designs)
        {
            for (var seed = 1; seed <= 4; seed++)
            {
                var random = new Random(seed);
                var load = new ClosedLoopSpec
                {
                    Cores = random.Next(1, 9), ServerCores = random.Next(1, 4), ClientsPerCore = random.Next(1, 4), Think = random.Next(0, 3000), Service = random.Next(0, 3000),
                    LockedShare = random.Next(0, 3) / 2.0, TimeSlice = random.Next(0, 2) * 700, Exponential = random.Next(2) == 0, WarmUp = 20, Requests = 200,
                };
                var system = new ClosedLoopSystem(Bench.Spec(design, "sel4"), Bench.Echo, Bench.Echo, load, seed);
                system.Run();
                foreach (var core in system.Cores)
                {
                    Assert.That(Causes.All.Sum(cause => core.Ledger[cause]), Is.EqualTo(system.Elapsed), $"{design}, seed {seed}, core {core.Index}");
                    Assert.That(core.Faults, Is.Empty, $"{design}, seed {seed}");
                }
                Assert.That(system.Completions, Is.Ordered, $"{design}, seed {seed}");
                Assert.That(system.Completions.Count, Is.InRange(220, 219 + load.Cores * load.ClientsPerCore), $"{design}, seed {seed}");
            }
        }
    }

    [Test]
    public void Time_slices_let_a_short_client_in_before_a_long_one_is_done()
    {
        var load = bare with { Cores = 1, ClientsPerCore = 2, Think = 1_000_000, Requests = 20, WarmUp = 2 };
        var (whole, sliced) = (Run("underbridge", load), Run("underbridge", load with { TimeSlice = 10_000 }));
        // Two equal clients end one after the other, or in slices at nearly the same time.
        Assert.That(Gap(whole), Is.InRange(1_000_000, 1_001_000));
        Assert.That(Gap(sliced), Is.LessThan(30_000));
        Assert.That(sliced.Cores[0].Ledger[Cause.Schedule], Is.GreaterThan(Shipped.Xeon.Prices["interrupt"].Value));

        static long Gap(ClosedLoopSystem system) => system.Completions[1] - system.Completions[0];
    }

    [Test]
    public void State_that_a_server_writes_on_many_cores_is_fetched_from_the_last()
    {
        var load = bare with { Think = 200, Service = 200, Cores = 4, SharedLines = 8 };
        var stalls = Run("skybridge", load).Cores.Sum(core => core.Ledger[Cause.CacheRefill]);
        var alone = Run("skybridge", load with { Cores = 1 }).Cores.Sum(core => core.Ledger[Cause.CacheRefill]);
        Assert.That(stalls, Is.GreaterThan(20 * alone));
    }

    [Test]
    public void The_same_seed_gives_the_same_run_and_another_does_not()
    {
        var load = new ClosedLoopSpec { Requests = 300, WarmUp = 20 };
        var (once, again, other) = (Run("big-lock", load), Run("big-lock", load), Run("big-lock", load, seed: 2));
        Assert.That(again.Completions, Is.EqualTo(once.Completions));
        Assert.That(other.Completions, Is.Not.EqualTo(once.Completions));
    }
}
