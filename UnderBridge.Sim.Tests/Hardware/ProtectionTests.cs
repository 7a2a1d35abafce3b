using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>Intel SDM vol. 3, section 4.6, rule by rule.</summary>
public class ProtectionTests
{
    const int Key = 5;

    [TestCase(Ring.User, false, Access.Read, ProtectionRule.Supervisor)]
    [TestCase(Ring.User, false, Access.Fetch, ProtectionRule.Supervisor)]
    [TestCase(Ring.User, true, Access.Read, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Write, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Fetch, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Write, ProtectionRule.Allowed)]
    [TestCase(Ring.Root, false, Access.Read, ProtectionRule.Allowed)]
    public void The_U_bit_keeps_user_mode_out_of_supervisor_pages_and_nobody_out_of_user_pages(Ring ring, bool userAccessible, Access access, ProtectionRule rule) =>
        Assert.That(Check(ring, userAccessible, access, Pkru.AllowAll), Is.EqualTo(rule));

    [TestCase(Ring.User)]
    [TestCase(Ring.Kernel)]
    public void A_read_only_page_refuses_writes_in_every_ring_since_WP_is_set(Ring ring)
    {
        Assert.That(Check(ring, true, Access.Write, Pkru.AllowAll, writable: false), Is.EqualTo(ProtectionRule.ReadOnly));
        Assert.That(Check(ring, true, Access.Read, Pkru.AllowAll, writable: false), Is.EqualTo(ProtectionRule.Allowed));
    }

    [TestCase(Ring.User)]
    [TestCase(Ring.Kernel)]
    public void A_page_without_execute_permission_refuses_fetches_in_every_ring(Ring ring) =>
        Assert.That(Check(ring, true, Access.Fetch, Pkru.AllowAll, executable: false), Is.EqualTo(ProtectionRule.NoExecute));

    [TestCase(Ring.User)]
    [TestCase(Ring.Kernel)]
    public void A_denied_key_refuses_reads_and_writes_in_every_ring_but_never_fetches(Ring ring)
    {
        var denied = Pkru.AllowOnly(0, 1);
        Assert.That(Check(ring, true, Access.Read, denied), Is.EqualTo(ProtectionRule.KeyAccess));
        Assert.That(Check(ring, true, Access.Write, denied), Is.EqualTo(ProtectionRule.KeyAccess));
        Assert.That(Check(ring, true, Access.Fetch, denied), Is.EqualTo(ProtectionRule.Allowed), "so gates can be execute-only");
        Assert.That(Check(ring, true, Access.Read, Pkru.AllowOnly(Key)), Is.EqualTo(ProtectionRule.Allowed));
    }

    [TestCase(Ring.User)]
    [TestCase(Ring.Kernel)]
    public void A_write_denied_key_refuses_writes_alone(Ring ring)
    {
        var readOnly = Pkru.WithReadOnly(Pkru.AllowAll, Key);
        Assert.That(Check(ring, true, Access.Write, readOnly), Is.EqualTo(ProtectionRule.KeyWrite));
        Assert.That(Check(ring, true, Access.Read, readOnly), Is.EqualTo(ProtectionRule.Allowed));
    }

    [Test]
    public void Supervisor_pages_ignore_keys() =>
        Assert.That(Check(Ring.Kernel, false, Access.Write, uint.MaxValue), Is.EqualTo(ProtectionRule.Allowed));

    [Test]
    public void PKRU_holds_two_bits_a_key()
    {
        Assert.That(Pkru.AllowOnly(0), Is.EqualTo(0xFFFFFFFCu));
        Assert.That(Pkru.AllowOnly(15, 0), Is.EqualTo(0x3FFFFFFCu));
        Assert.That(Pkru.WithReadOnly(Pkru.AllowOnly(0), 1), Is.EqualTo(0xFFFFFFF8u));
    }

    [Test]
    public void Another_process_is_not_mapped()
    {
        var bench = new HardwareBench();
        var secret = bench.Data(bench.App, "secret", 1);
        bench.Core.WriteCr3(bench.Machine.AddSpace("other", kpti: false), kernelView: false, flush: false, bench.Kernel);
        Assert.That(bench.Core.Check(secret, Access.Read), Is.EqualTo(ProtectionRule.NotMapped));
    }

    [Test]
    public void Under_KPTI_the_user_view_lacks_the_kernel_and_the_kernel_view_has_both()
    {
        var bench = new HardwareBench();
        var space = bench.Machine.AddSpace("isolated", kpti: true);
        var kernel = bench.Machine.AddRegion(new RegionSpec("kernel", bench.Kernel, 1));
        var user = bench.Machine.AddRegion(new RegionSpec("user", bench.App, 1) { UserAccessible = true });
        space.Map(kernel);
        space.Map(user);
        Assert.That((space.Maps(kernel, kernelView: false), space.Maps(kernel, kernelView: true)), Is.EqualTo((false, true)));
        Assert.That((space.Maps(user, kernelView: false), space.Maps(user, kernelView: true)), Is.EqualTo((true, true)));
        bench.Core.WriteCr3(space, kernelView: false, flush: false, bench.Kernel);
        Assert.That(bench.Core.Check(kernel, Access.Read), Is.EqualTo(ProtectionRule.NotMapped), "which is what stops Meltdown");
    }

    [Test]
    public void KPTI_refuses_a_global_kernel_region()
    {
        var bench = new HardwareBench();
        var global = bench.Machine.AddRegion(new RegionSpec("global", bench.Kernel, 1) { Global = true });
        Assert.That(() => bench.Machine.AddSpace("isolated", kpti: true).Map(global), Throws.ArgumentException.With.Message.Contains("global"));
    }

    [Test]
    public void A_violation_is_recorded_and_leaves_the_caches_alone()
    {
        var bench = new HardwareBench();
        var secret = bench.Machine.AddRegion(new RegionSpec("secret", bench.Kernel, 2) { Writable = true });
        bench.Space.Map(secret);
        bench.Core.Ring = Ring.User;
        bench.Core.Touch(bench.App, secret, 70, 1, write: true);
        Assert.That(bench.Core.Faults, Is.EqualTo(new[] { new Fault(bench.App, secret, 1, Access.Write, ProtectionRule.Supervisor) }));
        Assert.That((bench.Charged(), bench.Core.Caches.Data.Accesses, bench.Core.Tlbs.Dtlb4K.Accesses), Is.EqualTo((0.0, 0L, 0L)));
    }

    [Test]
    public void User_mode_can_not_write_CR3()
    {
        var bench = new HardwareBench();
        bench.Core.Ring = Ring.User;
        bench.Core.WriteCr3(bench.Machine.AddSpace("other", kpti: false), kernelView: false, flush: true, bench.App);
        Assert.That(bench.Core.Space, Is.SameAs(bench.Space));
        Assert.That(bench.Core.Faults.Single().Rule, Is.EqualTo(ProtectionRule.Privileged));
    }

    [Test]
    public void An_unmapped_region_faults_until_it_is_mapped_again()
    {
        var bench = new HardwareBench();
        var region = bench.Data(bench.Server, "server", 1);
        bench.Space.Unmap(region);
        Assert.That(bench.Core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.NotMapped));
        bench.Space.Map(region);
        Assert.That(bench.Core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.Allowed));
    }

    static ProtectionRule Check(Ring ring, bool userAccessible, Access access, uint pkru, bool writable = true, bool executable = true)
    {
        var bench = new HardwareBench();
        var region = bench.Machine.AddRegion(new RegionSpec("page", bench.Server, 1)
        {
            UserAccessible = userAccessible, Writable = writable, Executable = executable, Key = Key,
        });
        bench.Space.Map(region);
        bench.Core.Ring = ring;
        bench.Core.WritePkru(pkru);
        return bench.Core.Check(region, access);
    }
}
