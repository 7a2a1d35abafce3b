using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>Intel SDM vol. 3, section 4.6, rule by rule.</summary>
sealed class ProtectionTests
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

    const Control Plain = Control.Wp | Control.Pke;

    [TestCase(Ring.User, Plain, ProtectionRule.ReadOnly)]
    [TestCase(Ring.User, Control.Pke, ProtectionRule.ReadOnly)]
    [TestCase(Ring.Kernel, Plain, ProtectionRule.ReadOnly)]
    [TestCase(Ring.Kernel, Control.Pke, ProtectionRule.Allowed)]
    public void A_read_only_page_binds_supervisor_mode_only_while_WP_is_set(Ring ring, Control control, ProtectionRule rule)
    {
        foreach (var userAccessible in new[] { true, false }.Where(page => page || ring != Ring.User))
            Assert.That(Check(ring, userAccessible, Access.Write, Pkru.AllowAll, writable: false, control: control), Is.EqualTo(rule), $"U/K {userAccessible}");
    }

    [Test]
    public void WP_is_set_from_the_start() => Assert.That(new HardwareBench().Machine.Cores[0].Control & Control.Wp, Is.EqualTo(Control.Wp));

    [TestCase(Ring.User)]
    [TestCase(Ring.Kernel)]
    public void A_read_only_page_refuses_writes_in_every_ring_while_WP_is_set(Ring ring)
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

    // The rows of PKU, Intel SDM vol. 3, 4.6.2: who accesses, what page, how, with which bit of PKRU set for its key, with or without CR0.WP and CR4.PKE.
    [TestCase(Ring.User, true, Access.Read, "AD", Plain, ProtectionRule.KeyAccess)]
    [TestCase(Ring.User, true, Access.Write, "AD", Plain, ProtectionRule.KeyAccess)]
    [TestCase(Ring.User, true, Access.Fetch, "AD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.User, true, Access.Read, "WD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.User, true, Access.Write, "WD", Plain, ProtectionRule.KeyWrite)]
    [TestCase(Ring.User, true, Access.Write, "WD", Control.Pke, ProtectionRule.KeyWrite)]
    [TestCase(Ring.User, true, Access.Fetch, "WD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Read, "AD", Plain, ProtectionRule.KeyAccess)]
    [TestCase(Ring.Kernel, true, Access.Write, "AD", Plain, ProtectionRule.KeyAccess)]
    [TestCase(Ring.Kernel, true, Access.Write, "AD", Control.Pke, ProtectionRule.KeyAccess)]
    [TestCase(Ring.Kernel, true, Access.Fetch, "AD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Read, "WD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Write, "WD", Plain, ProtectionRule.KeyWrite)]
    [TestCase(Ring.Kernel, true, Access.Write, "WD", Control.Pke, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Read, "AD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Write, "AD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Write, "WD", Plain, ProtectionRule.Allowed)]
    [TestCase(Ring.User, true, Access.Write, "AD", Control.Wp, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Read, "AD", Control.Wp, ProtectionRule.Allowed)]
    public void Keys_guard_data_of_user_pages_in_every_ring(Ring ring, bool userAccessible, Access access, string denied, Control control, ProtectionRule rule)
    {
        var pkru = denied == "AD" ? 1u << (2 * Key) : 2u << (2 * Key);
        Assert.That(Check(ring, userAccessible, access, pkru, control: control), Is.EqualTo(rule));
        Assert.That(Check(ring, userAccessible, access, Pkru.AllowAll, control: control), Is.EqualTo(ProtectionRule.Allowed));
        Assert.That(Check(ring, userAccessible, access, 3u << (2 * (Key + 1)), control: control), Is.EqualTo(ProtectionRule.Allowed), "bits of another key");
    }

    [TestCase(Ring.Kernel, true, Access.Fetch, Control.Smep, false, ProtectionRule.Smep)]
    [TestCase(Ring.Kernel, true, Access.Fetch, Control.Smep, true, ProtectionRule.Smep)]
    [TestCase(Ring.Kernel, true, Access.Read, Control.Smep, false, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Fetch, Control.Smep, false, ProtectionRule.Allowed)]
    [TestCase(Ring.User, true, Access.Fetch, Control.Smep, false, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Read, Control.Smap, false, ProtectionRule.Smap)]
    [TestCase(Ring.Kernel, true, Access.Write, Control.Smap, false, ProtectionRule.Smap)]
    [TestCase(Ring.Kernel, true, Access.Read, Control.Smap, true, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Write, Control.Smap, true, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, true, Access.Fetch, Control.Smap, false, ProtectionRule.Allowed)]
    [TestCase(Ring.Kernel, false, Access.Write, Control.Smap, false, ProtectionRule.Allowed)]
    [TestCase(Ring.User, true, Access.Write, Control.Smap, false, ProtectionRule.Allowed)]
    public void SMEP_and_SMAP_keep_supervisor_mode_out_of_user_pages(Ring ring, bool userAccessible, Access access, Control bit, bool ac, ProtectionRule rule)
    {
        Assert.That(Check(ring, userAccessible, access, Pkru.AllowAll, control: Plain | bit, ac: ac), Is.EqualTo(rule));
        Assert.That(Check(ring, userAccessible, access, Pkru.AllowAll, control: Plain, ac: ac), Is.EqualTo(ProtectionRule.Allowed), "without the bit");
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
        Assert.That((bench.Charged(), bench.Core.Caches.Data.Accesses, bench.Core.Tlbs.First(false, PageSize.Small).Accesses), Is.EqualTo((0.0, 0L, 0L)));
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

    [Test]
    public void User_mode_can_write_no_control_register_lift_no_SMAP_and_invalidate_nothing()
    {
        var bench = new HardwareBench();
        var (core, region) = (bench.Core, bench.Data(bench.App, "data", 1));
        core.Ring = Ring.User;
        core.Touch(bench.App, region, 0, 1, write: false);
        core.WriteControl(Control.None, bench.App);
        core.WriteAc(true, bench.App);
        core.Invalidate(region, bench.App);
        core.Invalidate(region, bench.Space, kernelView: false, bench.App);
        core.Invalidate(bench.Space, kernelView: false, bench.App);
        core.InvalidateAll(globals: true, bench.App);
        Assert.That(core.Faults.Select(fault => (fault.Owner, fault.Region, fault.Rule)), Is.EqualTo(Enumerable.Repeat((bench.App, (Region?)null, ProtectionRule.Privileged), 6)));
        Assert.That((core.Control, core.Ac), Is.EqualTo((HardwareBench.Tagging, false)));
        Assert.That(bench.Stalls(() => core.Touch(bench.App, region, 0, 1, write: false)), Is.Zero);
    }

    // The second-level TLB serves both kinds of access.
    [Test]
    public void An_entry_that_a_fetch_brings_after_a_flush_carries_the_rights_of_now_for_data_too()
    {
        var bench = new HardwareBench();
        var (core, region) = (bench.Core, bench.Machine.AddRegion(new RegionSpec("code", bench.Server, 1) { UserAccessible = true, Executable = true, Key = 1 }));
        bench.Space.Map(region);
        core.Touch(bench.App, region, 0, 1, write: false);
        region.Key = 2;
        core.WritePkru(Pkru.AllowOnly(1));
        Assert.That(core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.Allowed), "the core still holds the entry");
        core.InvalidateAll(globals: true, bench.Kernel);
        core.Run(bench.App, new Footprint("fetch", new FootprintPart(region, 1, Access.Fetch)));
        Assert.That(core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess));
    }

    [Test]
    public void A_fault_names_the_address_of_its_page()
    {
        var bench = new HardwareBench();
        foreach (var userAccessible in new[] { true, false })
        {
            var secret = bench.Machine.AddRegion(new RegionSpec($"secret {userAccessible}", bench.Kernel, 3) { PageSize = PageSize.Large, UserAccessible = userAccessible });
            bench.Core.Touch(bench.App, secret, 2 * secret.LinesPerPage, 1, write: true);
            var kernelHalf = userAccessible ? 0 : -1L << 47;
            Assert.That(bench.Core.Faults[^1].Address, Is.EqualTo(kernelHalf + (secret.FirstPage + 2L) * 2 * 1024 * 1024));
        }
    }

    static ProtectionRule Check(
        Ring ring, bool userAccessible, Access access, uint pkru, bool writable = true, bool executable = true, Control control = Plain, bool ac = false)
    {
        var bench = new HardwareBench();
        var region = bench.Machine.AddRegion(new RegionSpec("page", bench.Server, 1)
        {
            UserAccessible = userAccessible, Writable = writable, Executable = executable, Key = Key,
        });
        bench.Space.Map(region);
        bench.Core.WriteControl(control, bench.Kernel);
        bench.Core.WriteAc(ac, bench.Kernel);
        bench.Core.Ring = ring;
        bench.Core.WritePkru(pkru);
        return bench.Core.Check(region, access);
    }
}
