using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Cost models that a user puts in place of the machine's.</summary>
public class StepCostsTests
{
    static readonly KernelFeatures everything = new() { Kpti = true, Swapgs = true, Smp = true, Fpu = FpuPolicy.Eager };

    /// <summary>WRPKRU on a CPU that drains its pipeline for it.</summary>
    sealed record Draining(double Cycles) : PkruCost
    {
        public override StepPrice? Of(Step step, HardwareProfile machine) =>
            new(new Sourced<double>("mine.wrpkru", machine.Price("wrpkru").Value + Cycles, "cycles", Grade.Assumed, new Citation("user", "my bench")));
    }

    sealed record DoublePkru : PkruCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }
    sealed record DoublePrivilege : PrivilegeSwitchCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }
    sealed record DoubleKpti : KptiCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }
    sealed record DoubleSpace : AddressSpaceCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }
    sealed record DoubleVmfunc : VmfuncCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }
    sealed record DoubleMonitor : MonitorCost { public override StepPrice? Of(Step step, HardwareProfile machine) => Twice(base.Of(step, machine)); }

    static StepPrice? Twice(StepPrice? price) => price is { } known ? known with { Times = 2 * known.Times } : null;

    [Test]
    public void A_users_own_WRPKRU_is_paid_twice_in_a_call_through_a_gate()
    {
        var spec = Bench.Spec("underbridge");
        var mine = spec with { Costs = spec.Costs with { Pkru = new Draining(40) } };
        Assert.That(Bench.ServerRoundTrip(spec).Cycles, Is.EqualTo(109));
        Assert.That(Bench.ServerRoundTrip(mine).Cycles, Is.EqualTo(109 + 2 * 40));
    }

    [Test]
    public void A_study_takes_a_users_own_costs_for_all_its_systems()
    {
        var before = Study.Run(Shipped.Scenario("ipc-roundtrip")).Observations;
        var after = Study.Run(Shipped.Scenario("ipc-roundtrip"), new StudyOptions { Costs = StepCosts.OfMachine with { Pkru = new Draining(40) } }).Observations;
        foreach (var (was, now) in before.Zip(after))
            Assert.That(now.Units.Average() - was.Units.Average(), Is.EqualTo(was.System.System == "underbridge" ? 80 : 0).Within(1e-9), was.System.Label);
    }

    [TestCase(double.NaN, "NaN")]
    [TestCase(double.PositiveInfinity, "Infinity")]
    [TestCase(-100, "-72")]
    public void A_cost_model_that_gives_no_amount_is_refused_before_anything_runs(double cycles, string said)
    {
        var spec = Bench.Spec("underbridge");
        var refused = Assert.Throws<PathException>(() => _ = new SimulatedSystem(spec with { Costs = spec.Costs with { Pkru = new Draining(cycles) } }, seed: 1));
        Assert.That(refused!.Faults.Select(fault => fault.Reason), Is.All.EqualTo($"its cost model prices it at {said} cycles (mine.wrpkru)").And.Not.Empty);
    }

    [Test]
    public void A_machine_without_an_instruction_runs_a_path_that_a_user_prices()
    {
        var without = Shipped.Xeon with { Prices = Shipped.Xeon.Prices.Where(price => price.Key != "wrpkru").ToDictionary() };
        var gate = Shipped.Catalogue.Paths["underbridge-gate"];
        var priced = StepCosts.OfMachine with { Pkru = new Fixed() };
        Assert.That(PathVerifier.Verify(gate, new KernelFeatures(), without).Select(fault => fault.Reason), Is.All.EqualTo("xeon-gold-6138 has no price 'wrpkru'").And.Not.Empty);
        Assert.That(PathVerifier.Verify(gate, new KernelFeatures(), without, priced), Is.Empty);
        Assert.That(StepProgram.Compile(gate, new KernelFeatures(), without, new Provenance(), footprints: null, priced).RoundTripPrice, Is.EqualTo(2 * (26.5 + 7)));
    }

    sealed record Fixed : PkruCost
    {
        public override StepPrice? Of(Step step, HardwareProfile machine) => new(new Sourced<double>("mine.wrpkru", 7, "cycles", Grade.Assumed, new Citation("user", "")));
    }

    [Test]
    public void Each_model_prices_its_own_steps_in_every_path_and_no_others()
    {
        (string Name, StepCosts Costs, Func<CompiledStep, bool> Owns)[] models =
        [
            ("pkru", StepCosts.OfMachine with { Pkru = new DoublePkru() }, step => step.Source.Kind is StepKind.Wrpkru or StepKind.WritePkrs),
            ("privilege switch", StepCosts.OfMachine with { PrivilegeSwitch = new DoublePrivilege() }, step => step.Source.Kind is StepKind.SyscallEntry or StepKind.Sysret or StepKind.Swapgs),
            ("kpti", StepCosts.OfMachine with { Kpti = new DoubleKpti() }, step => step.Source.Kind == StepKind.WriteCr3 && step.Cause == Cause.Kpti),
            ("address space", StepCosts.OfMachine with { AddressSpace = new DoubleSpace() }, step => step.Source.Kind == StepKind.WriteCr3 && step.Cause != Cause.Kpti),
            ("vmfunc", StepCosts.OfMachine with { Vmfunc = new DoubleVmfunc() }, step => step.Source.Kind == StepKind.Vmfunc),
            ("monitor", StepCosts.OfMachine with { Monitor = new DoubleMonitor() }, step => step.Source.Kind is StepKind.VmExit or StepKind.VmEntry),
        ];
        foreach (var (name, costs, owns) in models)
        {
            var changed = 0;
            foreach (var path in Shipped.Catalogue.Paths.Values)
            {
                var (before, after) = (Steps(path, StepCosts.OfMachine), Steps(path, costs));
                foreach (var (was, now) in before.Zip(after))
                {
                    Assert.That(now.Cycles, Is.EqualTo(owns(was) && was.Source.Price is null ? 2 * was.Cycles : was.Cycles), $"{name}: {path.Name}:{was.Source.Line}");
                    if (now.Cycles != was.Cycles) changed++;
                }
            }
            Assert.That(changed, Is.Positive, name);
        }
    }

    static IEnumerable<CompiledStep> Steps(IpcPath path, StepCosts costs) =>
        StepProgram.Compile(path, everything, Shipped.Xeon, new Provenance(), footprints: null, costs) is var program ? program.Call.Concat(program.Reply) : [];
}
