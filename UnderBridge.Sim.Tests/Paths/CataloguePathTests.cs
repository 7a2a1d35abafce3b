using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests;

/// <summary>What the paths of the catalogue do, counted in the programs they compile to.</summary>
public class CataloguePathTests
{
    static IEnumerable<IpcPath> Paths => Shipped.Catalogue.Paths.Values;

    static StepProgram Compile(IpcPath path, KernelFeatures features) => StepProgram.Compile(path, features, Shipped.Xeon, new Provenance(), footprints: null);

    static StepProgram Compile(string path, KernelFeatures features) => Compile(Shipped.Catalogue.Paths[path], features);

    static int Count(IReadOnlyList<CompiledStep> leg, StepKind kind) => leg.Count(step => step.Source.Kind == kind);

    [TestCaseSource(nameof(Paths))]
    public void A_path_is_accepted_under_every_build_of_a_kernel(IpcPath path)
    {
        foreach (var features in Shipped.Builds())
            Assert.That(PathVerifier.Verify(path, features, Shipped.Xeon), Is.Empty, features.ToString());
    }

    [Test]
    public void A_gate_takes_two_WRPKRU_a_round_trip_and_nothing_else_of_the_machine()
    {
        foreach (var features in Shipped.Builds())
        {
            var gate = Compile("underbridge-gate", features);
            Assert.That((Count(gate.Call, StepKind.Wrpkru), Count(gate.Reply, StepKind.Wrpkru)), Is.EqualTo((1, 1)));
            Assert.That(gate.Call.Concat(gate.Reply).Where(step => step.Number?.Name.StartsWith("machine.", StringComparison.Ordinal) == true).Select(step => step.Number!.Name),
                Is.EqualTo(new[] { "machine.wrpkru", "machine.wrpkru" }), features.ToString());
        }
    }

    [TestCase("erim-gate", StepKind.Wrpkru)]
    [TestCase("skybridge", StepKind.Vmfunc)]
    public void A_call_in_user_mode_switches_once_a_leg_and_enters_no_kernel(string path, StepKind kind)
    {
        foreach (var features in Shipped.Builds())
        {
            var program = Compile(path, features);
            foreach (var leg in new[] { program.Call, program.Reply })
                Assert.That((Count(leg, kind), Count(leg, StepKind.SyscallEntry), Count(leg, StepKind.WriteCr3)), Is.EqualTo((1, 0, 0)));
        }
    }

    // The table of CR3 writes from the kernels' own sources: how often each leg writes CR3.
    [TestCase("sel4-fastpath", false, 1, 1)]
    [TestCase("sel4-fastpath", true, 2, 2)]
    [TestCase("fiasco-ipc", false, 1, 1)]
    [TestCase("fiasco-ipc", true, 2, 2)]
    [TestCase("zircon-channel", false, 1, 1)]
    [TestCase("zircon-channel", true, 4, 4)]
    [TestCase("skybridge", true, 0, 0)]
    [TestCase("underbridge-gate", true, 0, 0)]
    [TestCase("underbridge-app", false, 0, 0)]
    [TestCase("underbridge-app", true, 1, 1)]
    [TestCase("monolithic-call", true, 0, 0)]
    [TestCase("monolithic-syscall", false, 0, 0)]
    [TestCase("monolithic-syscall", true, 1, 1)]
    public void A_kernel_writes_CR3_as_often_as_its_source_says(string path, bool kpti, int call, int reply)
    {
        foreach (var features in Shipped.Builds().Where(features => features.Kpti == kpti))
        {
            var program = Compile(path, features);
            Assert.That((Count(program.Call, StepKind.WriteCr3), Count(program.Reply, StepKind.WriteCr3)), Is.EqualTo((call, reply)), features.ToString());
        }
    }

    [TestCase("sel4-fastpath", 1, 1)]
    [TestCase("fiasco-ipc", 1, 1)]
    [TestCase("zircon-channel", 2, 2)]
    [TestCase("underbridge-app", 1, 0)]
    [TestCase("monolithic-syscall", 1, 0)]
    public void A_round_trip_takes_as_many_system_calls_as_its_kernel_needs(string path, int call, int reply)
    {
        var program = Compile(path, new KernelFeatures());
        Assert.That((Count(program.Call, StepKind.SyscallEntry), Count(program.Reply, StepKind.SyscallEntry)), Is.EqualTo((call, reply)));
        Assert.That(Count(program.Call, StepKind.Sysret) + Count(program.Reply, StepKind.Sysret), Is.EqualTo(call + reply));
    }

    // Under KPTI the switch of address spaces rides on the write that leaves the kernel, which happens anyway.
    [TestCase("sel4-fastpath")]
    [TestCase("fiasco-ipc")]
    public void Under_KPTI_a_call_in_one_space_costs_what_a_call_between_spaces_costs(string name)
    {
        var between = Shipped.Catalogue.Paths[name];
        var within = between with { Isolation = Isolation.None };
        foreach (var features in Shipped.Builds())
        {
            Assert.That(PathVerifier.Verify(within, features, Shipped.Xeon), Is.Empty, features.ToString());
            var saved = Compile(between, features).RoundTripPrice - Compile(within, features).RoundTripPrice;
            Assert.That(saved, Is.EqualTo(features.Kpti ? 0 : 2 * Shipped.Xeon.Prices["cr3-write"].Value).Within(1e-9), features.ToString());
            Assert.That(Count(Compile(within, features).Call, StepKind.WriteCr3), Is.EqualTo(features.Kpti ? 2 : 0));
        }
    }

    // What the switch of processes would cost without KPTI is never booked as KPTI.
    [TestCase("sel4-fastpath")]
    [TestCase("fiasco-ipc")]
    [TestCase("zircon-channel")]
    public void The_switch_of_address_spaces_costs_the_same_with_and_without_KPTI(string name)
    {
        foreach (var features in Shipped.Builds().Where(features => features.Kpti))
        {
            double Switches(KernelFeatures build) => Compile(name, build) is var program
                ? program.Call.Concat(program.Reply).Where(step => step.Cause == Cause.AddressSpaceSwitch).Sum(step => step.Cycles) : 0;
            Assert.That(Switches(features), Is.EqualTo(2 * Shipped.Xeon.Prices["cr3-write"].Value));
            Assert.That(Switches(features with { Kpti = false }), Is.EqualTo(Switches(features)));
        }
    }

    [Test]
    public void A_call_in_one_space_switches_no_address_space_so_all_its_CR3_writes_are_KPTIs()
    {
        var program = Compile(Shipped.Catalogue.Paths["sel4-fastpath"] with { Isolation = Isolation.None }, new KernelFeatures { Kpti = true });
        Assert.That(program.Call.Where(step => step.Source.Kind == StepKind.WriteCr3).Select(step => step.Cause), Is.EqualTo(new[] { Cause.Kpti, Cause.Kpti }));
    }

    [Test]
    public void An_app_pays_the_whole_system_call_before_a_gate()
    {
        foreach (var features in Shipped.Builds())
        {
            var prices = Shipped.Xeon.Prices;
            var nullCall = prices["syscall-pair"].Value + (features.Swapgs ? 2 * prices["swapgs"].Value : 0) + (features.Kpti ? 2 * prices["cr3-write"].Value : 0);
            Assert.That(Compile("underbridge-app", features).RoundTripPrice - Compile("underbridge-gate", features).RoundTripPrice, Is.EqualTo(nullCall).Within(1e-9));
        }
    }

    [Test]
    public void SYSCALL_and_SYSRET_share_the_price_of_their_pair_as_their_separate_prices_do()
    {
        var program = Compile("monolithic-syscall", new KernelFeatures());
        var (entry, exit) = (program.Call[0].Cycles, program.Reply[^1].Cycles);
        Assert.That(entry + exit, Is.EqualTo(134).Within(1e-9));
        Assert.That(entry / exit, Is.EqualTo(82.0 / 75).Within(0.002));
    }

    [Test]
    public void Features_add_exactly_the_steps_they_name()
    {
        var plain = new KernelFeatures();
        var prices = Shipped.Xeon.Prices;
        double Added(KernelFeatures features, string path = "sel4-fastpath") => Compile(path, features).RoundTripPrice - Compile(path, plain).RoundTripPrice;

        Assert.That(Added(plain with { Swapgs = true }), Is.EqualTo(4 * prices["swapgs"].Value).Within(1e-9));
        Assert.That(Added(plain with { Swapgs = true }, "fiasco-ipc"), Is.Zero, "Fiasco.OC finds its per-core data relative to RIP");
        Assert.That(Added(plain with { Smp = true }), Is.EqualTo(4 * prices["lock-transfer"].Value).Within(1e-9));
        Assert.That(Added(plain with { Fpu = FpuPolicy.Eager }), Is.EqualTo(2 * prices["fpu-switch"].Value).Within(1e-9));
        Assert.That(Added(plain with { Fpu = FpuPolicy.Flag }), Is.EqualTo(prices["fpu-enable"].Value + prices["fpu-disable"].Value).Within(1e-9));
        Assert.That(Added(plain with { Pcid = true, GlobalPages = true }), Is.Zero, "what PCID and global pages save is refills, not steps");
        Assert.That(Added(plain with { Kpti = true }), Is.EqualTo(2 * prices["cr3-write"].Value).Within(1e-9));
        Assert.That(Added(plain with { Kpti = true }, "fiasco-ipc"), Is.EqualTo(2 * prices["cr3-write"].Value + 60).Within(1e-9), "and a sync of the page tables a leg");
        Assert.That(Added(plain with { Kpti = true }, "zircon-channel"), Is.EqualTo(6 * prices["cr3-write"].Value).Within(1e-9));
    }

    [Test]
    public void Every_step_with_a_price_names_the_number_it_rests_on()
    {
        foreach (var path in Paths)
        {
            var provenance = new Provenance();
            var program = StepProgram.Compile(path, new KernelFeatures { Kpti = true, Swapgs = true, Smp = true, Fpu = FpuPolicy.Eager }, Shipped.Xeon, provenance, footprints: null);
            foreach (var step in program.Call.Concat(program.Reply).Where(step => step.Cycles != 0))
                Assert.That(provenance[step.NumberIndex], Is.SameAs(step.Number), $"{path.Name}:{step.Source.Line}");
        }
    }

    [Test]
    public void The_footprints_of_a_path_may_lie_in_pages_of_any_size_and_larger_ones_have_shorter_walks()
    {
        using var shipped = new StreamReader(typeof(Catalogue).Assembly.GetManifestResourceStream("Catalog/Paths/fiasco-ipc.yaml")!);
        var text = shipped.ReadToEnd();
        double Refills(string pages)
        {
            using var folder = new TemporaryFolder();
            Directory.CreateDirectory(folder["Paths"]);
            File.WriteAllText(folder["Paths/fiasco-ipc.yaml"], text.Replace("pages: 4K", $"pages: {pages}", StringComparison.Ordinal));
            var seen = Study.Compare("xeon-gold-6138", ["fiasco with kpti"], new PingPong { WarmUp = 50, RoundTrips = 50 }, new() { Catalogue = Catalogue.Load(folder.Path) }).Observations.Single();
            return seen.ByCause[Cause.TlbRefill] + seen.ByCause[Cause.TlbPollution];
        }
        var (small, large, huge) = (Refills("4K"), Refills("2M"), Refills("1G"));
        // There are as many pages; a walk to each is a level shorter.
        Assert.That(large / small, Is.InRange(0.9, 0.999));
        Assert.That(huge / large, Is.InRange(0.9, 0.999));
    }
}
