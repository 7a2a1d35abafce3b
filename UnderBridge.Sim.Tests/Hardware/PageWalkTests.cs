using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

/// <summary>What a page walk reads, and what it costs: a fixed part and the latency of each reference.</summary>
public class PageWalkTests
{
    const double Fixed = HardwareBench.PageWalk, L1 = HardwareBench.L1Latency, Memory = HardwareBench.MemoryLatency;

    HardwareBench bench = null!;
    Region pages = null!;

    [SetUp]
    public void Build() => Build(pcid: true);

    void Build(bool pcid, PageSize? eptPages = null)
    {
        bench = new HardwareBench(pcid: pcid, walker: true, eptPages: eptPages);
        pages = bench.Data(bench.App, "pages", 600);
    }

    /// <summary>TLB stalls of touching the first line of a page, and the references to memory that the walk made.</summary>
    (double Stall, long References) Touch(Region region, int page = 0)
    {
        var core = bench.Core;
        double Stalls() => core.Ledger[Cause.TlbRefill] + core.Ledger[Cause.TlbPollution];
        var (stall, references) = (Stalls(), core.Caches.Data.Accesses);
        core.Touch(bench.App, region, page * region.LinesPerPage, 1, write: false);
        return (Stalls() - stall, core.Caches.Data.Accesses - references - 1);
    }

    [Test]
    public void A_cold_walk_reads_an_entry_a_level() => Assert.That(Touch(pages), Is.EqualTo((Fixed + 4 * Memory, 4L)));

    [TestCase(PageSize.Large, 3)]
    [TestCase(PageSize.Huge, 2)]
    public void A_larger_page_is_mapped_a_level_higher_and_saves_a_reference(PageSize size, int references) =>
        Assert.That(Touch(bench.Data(bench.App, "large", 1, size)), Is.EqualTo((Fixed + references * Memory, (long)references)));

    [Test]
    public void A_neighbour_under_one_PDE_reads_its_PTE_alone()
    {
        var (inner, line) = (8 - pages.FirstPage % 8, 8);
        Touch(pages, inner);
        Assert.That(Touch(pages, inner + 1), Is.EqualTo((Fixed + L1, 1L)), "from the same line");
        Assert.That(Touch(pages, inner + line), Is.EqualTo((Fixed + Memory, 1L)), "from the next line");
    }

    [Test]
    public void Beyond_the_reach_of_a_PDE_a_walk_reads_PDE_and_PTE()
    {
        Touch(pages);
        Assert.That(Touch(pages, 512).References, Is.EqualTo(2));
    }

    [Test]
    public void A_CR3_write_without_PCID_empties_the_paging_structure_caches_and_leaves_the_entries_in_the_caches()
    {
        Build(pcid: false);
        Touch(pages);
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(Touch(pages), Is.EqualTo((Fixed + 4 * L1, 4L)));
    }

    [Test]
    public void With_PCID_they_stay_and_are_tagged_by_process()
    {
        var other = bench.Machine.AddSpace("other", kpti: false);
        other.Map(pages);
        Touch(pages);
        bench.Core.WriteCr3(other, kernelView: false, flush: false, bench.Kernel);
        Assert.That(Touch(pages, 1).References, Is.EqualTo(4));
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: false, bench.Kernel);
        Assert.That(Touch(pages, 2).References, Is.EqualTo(1));
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(Touch(pages, 3).References, Is.EqualTo(4));
        bench.Core.WriteCr3(other, kernelView: false, flush: false, bench.Kernel);
        Assert.That(Touch(pages, 4).References, Is.EqualTo(1), "a flush of one PCID left the other's");
    }

    [Test]
    public void INVLPG_of_any_page_drops_the_paging_structure_entries_of_the_PCID()
    {
        var elsewhere = bench.Data(bench.App, "elsewhere", 1);
        Touch(pages);
        bench.Core.Invalidate(elsewhere, bench.Kernel);
        Assert.That(Touch(pages).Stall, Is.Zero, "the translation itself is still there");
        Assert.That(Touch(pages, 1).References, Is.EqualTo(4));
    }

    [Test]
    public void Processes_share_the_tables_of_the_kernels_half_below_their_roots()
    {
        var (kernel, other) = (bench.Machine.AddRegion(new RegionSpec("kernel", bench.Kernel, 1)), bench.Machine.AddSpace("other", kpti: false));
        bench.Space.Map(kernel);
        other.Map(kernel);
        other.Map(pages);
        Touch(kernel);
        Touch(pages);
        bench.Core.WriteCr3(other, kernelView: false, flush: false, bench.Kernel);
        Assert.That(Touch(kernel), Is.EqualTo((Fixed + Memory + 3 * L1, 4L)), "a root of its own");
        Assert.That(Touch(pages), Is.EqualTo((Fixed + 4 * Memory, 4L)), "and tables of its own for the user's half");
    }

    [Test]
    public void The_views_of_KPTI_share_the_tables_of_the_users_half()
    {
        var isolated = bench.Machine.AddSpace("isolated", kpti: true);
        isolated.Map(pages, Views.Both);
        bench.Core.WriteCr3(isolated, kernelView: false, flush: false, bench.Kernel);
        Touch(pages);
        bench.Core.WriteCr3(isolated, kernelView: true, flush: false, bench.Kernel);
        Assert.That(Touch(pages), Is.EqualTo((Fixed + Memory + 3 * L1, 4L)));
    }

    // Five guest-physical pages, of four tables and the data, take four entries of EPT tables each: 4 x (4 + 1) + 4.
    [Test]
    public void Under_EPT_in_small_pages_a_walk_in_two_dimensions_makes_24_references()
    {
        Build(pcid: true, PageSize.Small);
        Assert.That(Touch(pages).References, Is.EqualTo(24));
        Assert.That(Touch(pages, 1).References, Is.EqualTo(1 + 4), "its PTE's table is in the nested TLB, the page itself is not");
        bench.Core.WriteCr3(bench.Space, kernelView: false, flush: true, bench.Kernel);
        Assert.That(Touch(pages).References, Is.EqualTo(4), "a flush leaves the nested TLB alone");
    }

    [Test]
    public void Under_EPT_in_pages_of_1_GB_one_nested_translation_serves_all_tables()
    {
        Build(pcid: true, PageSize.Huge);
        Assert.That(Touch(pages).References, Is.EqualTo(2 + 4));
        Assert.That(Touch(pages, 1).References, Is.EqualTo(1));
    }

    [Test]
    public void A_walk_that_finds_its_tables_pushed_out_by_another_is_pollution_by_it()
    {
        var flood = bench.Footprint(bench.Kernel, "flood", codeLines: 60_000, dataLines: 60_000, pages: 1000);
        Touch(pages);
        bench.Core.Run(bench.Kernel, flood);
        bench.Core.Run(bench.Kernel, flood);
        bench.Machine.Pollution.Clear();
        var before = bench.Core.Ledger[Cause.TlbPollution];
        var (stall, _) = Touch(pages);
        Assert.That(stall, Is.GreaterThan(Fixed + L1).And.EqualTo((double)(bench.Core.Ledger[Cause.TlbPollution] - before)), "it still holds its own translation where it is alone");
        Assert.That(bench.Machine.Pollution.PollutionBy(bench.App.Index, bench.Kernel.Index), Is.GreaterThanOrEqualTo(stall));
    }

    [Test]
    public void Without_a_walker_in_the_profile_a_walk_costs_its_price_and_reads_nothing()
    {
        bench = new HardwareBench();
        pages = bench.Data(bench.App, "pages", 1);
        Assert.That(Touch(pages), Is.EqualTo((Fixed, 0L)));
    }
}
