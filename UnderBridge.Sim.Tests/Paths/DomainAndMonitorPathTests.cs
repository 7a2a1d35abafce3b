using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Tests;

/// <summary>Ways into domains of a process, to the secure monitor, and through gates of supervisor keys.</summary>
public class DomainAndMonitorPathTests
{
    static readonly string[] kernels = ["sel4-fastpath", "fiasco-ipc", "zircon-channel"];

    [TestCaseSource(nameof(kernels))]
    public void Every_kernels_IPC_into_a_domain_of_a_process_is_accepted_and_adds_two_WRPKRU(string name)
    {
        var native = Shipped.Catalogue.Paths[name];
        var into = DomainEntry.Of(native);
        foreach (var features in Shipped.Builds())
        {
            Assert.That(PathVerifier.Verify(into, features, Shipped.Xeon), Is.Empty, features.ToString());
            Assert.That(Price(into, features) - Price(native, features), Is.EqualTo(2 * Shipped.Xeon.Price("wrpkru").Value).Within(1e-9), features.ToString());
        }
    }

    [Test]
    public void A_gate_of_supervisor_keys_differs_from_one_of_user_keys_by_its_instruction()
    {
        var features = new KernelFeatures();
        var (pks, pku) = (Price(Shipped.Catalogue.Paths["pks-gate"], features), Price(Shipped.Catalogue.Paths["underbridge-gate"], features));
        Assert.That(pks - pku, Is.EqualTo(2 * (Shipped.Xeon.Price("wrmsr").Value - Shipped.Xeon.Price("wrpkru").Value)));
    }

    // Both are read from where they are published, and predict nothing: RedLeaf quotes 99 to 105 cycles for Hodor's and ERIM's call, ERIM 55 to 80 beyond a call without a switch.
    [TestCase("hodor-gate", 99, 105)]
    [TestCase("erim-gate", 55 + 24, 80 + 24)]
    public void A_gate_of_a_library_takes_what_is_quoted_for_it(string path, double low, double high) =>
        Assert.That(Price(Shipped.Catalogue.Paths[path], new KernelFeatures()), Is.InRange(low, high));

    // Table III of BULKHEAD: a compartment switch takes 224.31 cycles. Both numbers under it come from there, so this holds the reading of the table and predicts nothing.
    [Test]
    public void A_leg_of_the_PKS_gate_takes_on_its_own_machine_what_its_table_says()
    {
        var machine = Shipped.Catalogue.Machines["i7-12700h"];
        var program = StepProgram.Compile(Shipped.Catalogue.Paths["pks-gate"], new KernelFeatures(), machine, new Provenance(), footprints: null);
        Assert.That(program.Call.Sum(step => step.Cycles), Is.EqualTo(224.31).Within(0.01));
    }

    [TestCase("call: [vm-exit, vm-exit, vm-entry]\nreply: []", "t:6: vm-exit: the monitor has control already")]
    [TestCase("call: [vm-entry]\nreply: []", "t:6: vm-entry: the monitor has no control to give back")]
    [TestCase("call: [vm-exit]\nreply: [vm-entry]", "t:6: call: the callee starts while the monitor has control")]
    [TestCase("call: []\nreply: [vm-exit]", "t:7: reply: leaves the monitor in control")]
    public void The_monitor_gets_control_once_and_gives_it_back(string legs, string fault) =>
        Assert.That(PathText.Faults($"title: T\ncaller: kernel-domain\ncallee: kernel-code\nisolation: none\n\n{legs}", name: "t"), Does.Contain(fault));

    [Test]
    public void A_library_in_user_mode_can_not_write_PKRS() =>
        Assert.That(PathText.Faults("""
            title: T
            caller: user-domain
            callee: user-domain
            isolation: protection-key

            call: [{step: write-pkrs, target: callee}, {step: switch-stack, target: callee}]
            reply: [{step: wrpkru, target: caller}, {step: switch-stack, target: caller}]
            """, name: "t"), Is.EqualTo("t:6: write-pkrs: WRMSR is privileged, and this runs in user mode"));

    static double Price(IpcPath path, KernelFeatures features) =>
        StepProgram.Compile(path, features, Shipped.Xeon, new Provenance(), footprints: null).RoundTripPrice;
}
