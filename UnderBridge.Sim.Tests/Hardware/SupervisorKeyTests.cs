using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>Keys of supervisor pages (PKS), and the monitor that no guest's rights bind.</summary>
sealed class SupervisorKeyTests
{
    const int Key = 5;

    [TestCase(false, Ring.Kernel, false, Access.Write, ProtectionRule.Allowed)]
    [TestCase(true, Ring.Kernel, false, Access.Write, ProtectionRule.KeyAccess)]
    [TestCase(true, Ring.Kernel, false, Access.Read, ProtectionRule.KeyAccess)]
    [TestCase(true, Ring.Kernel, true, Access.Write, ProtectionRule.Allowed)]
    [TestCase(true, Ring.Root, false, Access.Write, ProtectionRule.Allowed)]
    [TestCase(true, Ring.User, true, Access.Read, ProtectionRule.Supervisor)]
    public void A_key_guards_a_supervisor_page_where_PKS_is_set(bool pks, Ring ring, bool hasKey, Access access, ProtectionRule rule)
    {
        var bench = new HardwareBench();
        var region = bench.Machine.AddRegion(new RegionSpec("page", bench.Server, 1) { Writable = true, Key = Key });
        bench.Space.Map(region, Views.Both);
        bench.Core.WriteControl(HardwareBench.Tagging | (pks ? Control.Pks : Control.None), bench.Kernel);
        bench.Core.WritePkru(hasKey ? Pkru.AllowOnly(Key) : Pkru.AllowOnly(0));
        bench.Core.Ring = ring;
        Assert.That(bench.Core.Check(region, access), Is.EqualTo(rule));
    }
}
