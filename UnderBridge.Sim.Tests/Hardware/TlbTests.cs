using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>Which translations a core holds after what (Intel SDM vol. 3, 4.10.4).</summary>
public class TlbTests
{
    HardwareBench bench = null!;
    AddressSpace other = null!;
    Region mine = null!;
    Region theirs = null!;
    Region global = null!;

    [SetUp]
    public void Fill() => Fill(pcid: true);

    void Fill(bool pcid)
    {
        bench = new HardwareBench(pcid: pcid);
        other = bench.Machine.AddSpace("other", kpti: false);
        (mine, global) = (bench.Data(bench.App, "mine", 3), bench.Data(bench.Kernel, "global", 3, global: true));
        theirs = bench.Machine.AddRegion(new RegionSpec("theirs", bench.Server, 3) { UserAccessible = true });
        other.Map(theirs);
        other.Map(mine);
        other.Map(global);
        Load(other);
        Touch(theirs);
        Touch(mine);
        Load(bench.Space);
        Touch(mine);
        Touch(global);
    }

    void Load(AddressSpace space, bool? flush = null) =>
        bench.Core.WriteCr3(space, kernelView: false, flush ?? (bench.Core.Control & Control.Pcide) == 0, bench.Kernel);

    void Touch(Region region)
    {
        for (var page = 0; page < region.Pages; page++) bench.Core.Touch(bench.App, region, page * region.LinesPerPage, 1, write: false);
    }

    /// <summary>What is held: of this space, of the other space (its own region, and the one both map), and global. Evaluating it changes nothing.</summary>
    string Held()
    {
        bool Holds(Region region, AddressSpace space) => Enumerable.Range(0, region.Pages).All(page =>
            bench.Core.Tlbs.Holds(region.FirstPage + page, Math.Abs(region.Translation(space.Tag(false, 0))) + page, fetch: false, region.PageSize));

        return string.Join(' ', new[]
        {
            (Holds(mine, bench.Space), "mine"), (Holds(theirs, other), "theirs"), (Holds(mine, other), "shared"), (Holds(global, other), "global"),
        }.Where(one => one.Item1).Select(one => one.Item2));
    }

    [Test]
    public void Translations_of_two_PCIDs_and_global_ones_live_side_by_side() => Assert.That(Held(), Is.EqualTo("mine theirs shared global"));

    [Test]
    public void A_CR3_write_with_bit_63_set_drops_nothing()
    {
        Load(other, flush: false);
        Assert.That(Held(), Is.EqualTo("mine theirs shared global"));
    }

    [Test]
    public void A_CR3_write_with_bit_63_clear_drops_what_the_loaded_PCID_holds_but_for_global_entries()
    {
        Load(other, flush: true);
        Assert.That(Held(), Is.EqualTo("mine global"));
    }

    [Test]
    public void A_CR3_write_without_PCIDE_drops_all_but_global_entries()
    {
        Fill(pcid: false);
        Load(bench.Space, flush: true);
        Assert.That(Held(), Is.EqualTo("global"));
    }

    [Test]
    public void Bit_63_of_CR3_is_reserved_without_PCIDE()
    {
        Fill(pcid: false);
        Load(other, flush: false);
        Assert.That(bench.Core.Faults.Single().Rule, Is.EqualTo(ProtectionRule.ReservedBit));
        Assert.That((bench.Core.Space, Held()), Is.EqualTo((bench.Space, "mine global")), "nothing was written, and nothing went");
    }

    [Test]
    public void Clearing_PCIDE_drops_everything_and_setting_it_nothing()
    {
        bench.Core.WriteControl(HardwareBench.Tagging | Control.Pcide, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("mine theirs shared global"));
        bench.Core.WriteControl(HardwareBench.Tagging & ~Control.Pcide, bench.Kernel);
        Assert.That(Held(), Is.Empty);
    }

    [Test]
    public void Setting_SMEP_drops_what_the_current_PCID_holds_and_setting_SMAP_nothing()
    {
        bench.Core.WriteControl(bench.Core.Control | Control.Smap, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("mine theirs shared global"));
        bench.Core.WriteControl(bench.Core.Control | Control.Smep, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("theirs shared global"));
    }

    [Test]
    public void INVLPG_drops_a_page_of_the_current_PCID_and_leaves_the_same_page_of_others()
    {
        bench.Core.Invalidate(mine, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("theirs shared global"));
    }

    [Test]
    public void INVLPG_drops_a_global_page_of_every_PCID()
    {
        bench.Core.Invalidate(global, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("mine theirs shared"));
    }

    [Test]
    public void INVPCID_of_an_address_drops_it_from_one_PCID_and_no_global_page()
    {
        bench.Core.Invalidate(mine, other, kernelView: false, bench.Kernel);
        bench.Core.Invalidate(global, other, kernelView: false, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("mine theirs global"));
    }

    [Test]
    public void INVPCID_of_a_context_drops_one_PCID_and_no_global_page()
    {
        bench.Core.Invalidate(other, kernelView: false, bench.Kernel);
        Assert.That(Held(), Is.EqualTo("mine global"));
    }

    [TestCase(true, "")]
    [TestCase(false, "global")]
    public void INVPCID_of_all_contexts_drops_every_PCID_with_or_without_global_pages(bool globals, string held)
    {
        bench.Core.InvalidateAll(globals, bench.Kernel);
        Assert.That(Held(), Is.EqualTo(held));
    }

    [Test]
    public void A_flush_of_a_PCID_reaches_all_its_EPT_views()
    {
        var hidden = bench.Machine.AddRegion(new RegionSpec("hidden", bench.Server, 1) { UserAccessible = true });
        bench.Space.Map(hidden, Views.Both, eptView: 3);
        bench.Core.SwitchView(3);
        Touch(hidden);
        bench.Core.SwitchView(0);
        bool Holds() => bench.Core.Tlbs.Holds(hidden.FirstPage, hidden.Translation(bench.Space.Tag(false, 3)), fetch: false, PageSize.Small);
        Assert.That(Holds());
        Load(bench.Space, flush: true);
        Assert.That((Holds(), Held()), Is.EqualTo((false, "theirs shared global")));
    }

    [Test]
    public void The_two_views_of_KPTI_have_a_PCID_each()
    {
        var isolated = bench.Machine.AddSpace("isolated", kpti: true);
        isolated.Map(theirs, Views.Both);
        foreach (var kernelView in new[] { true, false })
        {
            bench.Core.WriteCr3(isolated, kernelView, flush: false, bench.Kernel);
            Touch(theirs);
        }
        bool Holds(bool kernelView) => bench.Core.Tlbs.Holds(theirs.FirstPage, theirs.Translation(isolated.Tag(kernelView, 0)), fetch: false, PageSize.Small);
        bench.Core.WriteCr3(isolated, kernelView: true, flush: true, bench.Kernel);
        Assert.That((Holds(kernelView: true), Holds(kernelView: false)), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_machine_has_room_for_4095_PCIDs_and_not_one_more()
    {
        var machine = new HardwareBench().Machine;
        for (var n = 1; n < 4095; n++) machine.AddSpace($"space {n}", kpti: false).Tag(false, 0);
        Assert.That(() => machine.AddSpace("one more", kpti: false).Tag(false, 0), Throws.InvalidOperationException.With.Message.Contains("PCID"));
    }

    [Test]
    public void Pages_of_1_GB_have_TLBs_of_their_own_for_data_and_the_first_ones_for_code()
    {
        var (data, code) = (bench.Data(bench.App, "huge data", 6, PageSize.Huge), bench.Code(bench.App, "huge code", 1, PageSize.Huge));
        Touch(data);
        bench.Core.Run(bench.App, new Footprint("code", new FootprintPart(code, 5, Access.Fetch)));
        var tlbs = bench.Core.Tlbs;
        Assert.That((tlbs.First(false, PageSize.Huge).Accesses, tlbs.Second(false, PageSize.Huge)!.Accesses), Is.EqualTo((6, 7)), "four of six fit the first level");
        Assert.That(tlbs.First(true, PageSize.Huge), Is.SameAs(tlbs.First(true, PageSize.Large)));
        Assert.That(data.Frames.ToArray().Select(frame => frame % PageSize.Huge.Frames()), Is.All.Zero, "aligned");
        Assert.That(data.AddressOf(5), Is.LessThan(1L << 47));
    }

    [Test]
    public void A_shootdown_reaches_every_core_that_had_the_space_and_each_pays_for_its_interrupt()
    {
        bench = new HardwareBench(cores: 4);
        var page = bench.Data(bench.App, "pages", 3);
        var cores = bench.Machine.Cores;
        foreach (var core in cores.Take(3))
        {
            core.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
            for (var line = 0; line < page.Lines; line += page.LinesPerPage) core.Touch(bench.App, page, line, 1, write: false);
        }
        Assert.That(bench.Machine.Shootdown(cores[0], bench.Space, page, bench.Kernel), Is.EqualTo(2));
        page.Key = 3;
        foreach (var core in cores.Take(3))
        {
            core.WritePkru(Pkru.AllowOnly(0));
            Assert.That(core.Check(page, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess), $"core {core.Index} holds nothing");
        }
        Assert.That(cores.Select(core => core.Ledger[Cause.Ipi]), Is.EqualTo(new[] { 3 * 200 + 1900 + 3 * 200 + 100, 0, 0, 0 }), "the others pay when they run");
        var elsewhere = bench.Code(bench.App, "elsewhere", 1);
        foreach (var core in cores) core.Run(bench.App, new Footprint("next", new FootprintPart(elsewhere, 1, Access.Fetch)));
        Assert.That(cores.Skip(1).Select(core => core.Ledger[Cause.Ipi]), Is.EqualTo(new[] { 600 + 3 * 200, 600 + 3 * 200, 0 }));
        Assert.That(bench.Machine.Shootdown(cores[0], bench.Machine.AddSpace("fresh", kpti: true), page, bench.Kernel), Is.Zero);
    }

    // What the page table says counts only once the old entry has gone.

    [Test]
    public void A_key_that_changes_binds_a_core_only_after_it_invalidated_the_page()
    {
        bench.Core.WritePkru(Pkru.AllowOnly(0));
        mine.Key = 5;
        Touch(mine);
        Assert.That(bench.Core.Faults, Is.Empty, "the entries still carry key 0");
        bench.Core.Invalidate(mine, bench.Kernel);
        Touch(mine);
        Assert.That(bench.Core.Faults.Select(fault => (fault.Page, fault.Rule)), Is.EqualTo(Enumerable.Range(0, 3).Select(page => (page, ProtectionRule.KeyAccess))));
    }

    [Test]
    public void A_page_that_was_never_touched_shows_its_new_rights_at_once()
    {
        var fresh = bench.Data(bench.App, "fresh", 1);
        fresh.Writable = false;
        Assert.That(bench.Core.Check(fresh, Access.Write), Is.EqualTo(ProtectionRule.ReadOnly));
        mine.Writable = false;
        Assert.That(bench.Core.Check(mine, Access.Write), Is.EqualTo(ProtectionRule.Allowed));
    }

    [Test]
    public void An_unmapped_page_stays_reachable_through_the_entry_that_is_left()
    {
        bench.Space.Unmap(mine);
        Touch(mine);
        Assert.That(bench.Core.Faults, Is.Empty);
        Load(bench.Space, flush: true);
        Touch(mine);
        Assert.That(bench.Core.Faults.Select(fault => fault.Rule), Is.EqualTo(Enumerable.Repeat(ProtectionRule.NotMapped, 3)));
    }

    [Test]
    public void Rights_that_grow_need_no_invalidation_since_the_fault_itself_drops_the_entry()
    {
        bench.Core.Ring = Ring.User;
        var supervisor = bench.Machine.AddRegion(new RegionSpec("opened", bench.Kernel, 1));
        bench.Space.Map(supervisor);
        bench.Core.Ring = Ring.Kernel;
        Touch(supervisor);
        supervisor.UserAccessible = true;
        bench.Core.Ring = Ring.User;
        Assert.That(bench.Stalls(() => Touch(supervisor)), Is.EqualTo(HardwareBench.PageWalk), "the entry had to be walked for again");
        Assert.That(bench.Core.Faults, Is.Empty);
    }

    [Test]
    public void To_ask_for_what_a_space_does_not_map_leaves_old_rights_to_what_it_does()
    {
        var bench = new HardwareBench();
        var (core, other) = (bench.Core, bench.Machine.AddSpace("other", kpti: false));
        var everywhere = bench.Data(bench.Kernel, "everywhere", 4, global: true);
        other.Map(everywhere);
        var here = bench.Data(bench.Server, "here", 8);
        foreach (var region in (Region[])[everywhere, here])
        {
            core.Touch(bench.Server, region, 0, region.Lines, write: true);
            region.Key = 5;
        }
        core.WritePkru(Pkru.AllowOnly(0));
        core.WriteCr3(other, kernelView: false, flush: false, bench.Kernel);

        IEnumerable<ProtectionRule> Ask(Region region) => Enumerable.Range(0, region.Pages).Select(page => core.Check(region, Access.Write, page));
        Assert.That(Ask(here), Is.All.EqualTo(ProtectionRule.NotMapped));
        for (var page = 0; page < here.Pages; page++) core.Touch(bench.Server, here, page * here.LinesPerPage, 1, write: true);
        Assert.That(core.Faults.Select(fault => fault.Rule), Is.EqualTo(Enumerable.Repeat(ProtectionRule.NotMapped, here.Pages)));
        Assert.That(Ask(everywhere), Is.All.EqualTo(ProtectionRule.Allowed), "its global translations are held, with the rights they had");
    }

    [Test]
    public void Rights_go_stale_on_each_core_by_itself()
    {
        bench = new HardwareBench(cores: 2);
        var page = bench.Data(bench.App, "page", 1);
        var second = bench.Machine.Cores[1];
        second.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        second.Touch(bench.App, page, 0, 1, write: false);
        page.Key = 7;
        foreach (var core in bench.Machine.Cores) core.WritePkru(Pkru.AllowOnly(0));
        Assert.That(bench.Core.Check(page, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess));
        Assert.That(second.Check(page, Access.Read), Is.EqualTo(ProtectionRule.Allowed));
        second.Invalidate(page, bench.Kernel);
        Assert.That(second.Check(page, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess));
    }
}
