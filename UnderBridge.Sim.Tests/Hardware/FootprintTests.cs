using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class FootprintTests
{
    [Test]
    public void Lines_spread_evenly_over_the_pages_of_a_region_and_lie_together_in_each()
    {
        var bench = new HardwareBench();
        var footprint = new Footprint("path", new FootprintPart(bench.Code(bench.Kernel, "code", 4), 26, Access.Fetch));
        var touches = footprint.Touches[0].Pages;
        Assert.That(touches.Select(touch => touch.Lines), Is.EqualTo(new[] { 7, 7, 6, 6 }));
        Assert.That(touches.Select(touch => touch.Page), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(touches.Select(touch => touch.FirstLine + touch.Lines), Is.All.InRange(6, 64));
    }

    [Test]
    public void Fewer_lines_than_pages_touch_as_many_pages_as_lines()
    {
        var bench = new HardwareBench();
        var footprint = new Footprint("path", new FootprintPart(bench.Data(bench.Kernel, "data", 10), 5, Access.Read));
        Assert.That(footprint.Touches[0].Pages.Select(touch => touch.Page), Is.EqualTo(new[] { 0, 2, 4, 6, 8 }));
    }

    [Test]
    public void More_lines_than_the_region_has_are_refused()
    {
        var bench = new HardwareBench();
        var region = bench.Data(bench.Kernel, "data", 1);
        Assert.That(() => new Footprint("path", new FootprintPart(region, 65, Access.Read)), Throws.ArgumentException.With.Message.Contains("65 lines of data"));
    }

    [Test]
    public void A_copy_touches_each_line_of_its_range_once_across_pages()
    {
        var bench = new HardwareBench();
        bench.Core.Touch(bench.App, bench.Data(bench.App, "buffer", 3), 60, 70, write: true);
        Assert.That((bench.Core.Caches.Data.Accesses, bench.Core.Caches.Data.Misses, bench.Core.Tlbs.First(false, PageSize.Small).Misses), Is.EqualTo((70L, 70L, 3L)));
    }

    [Test]
    public void A_working_set_draws_lines_from_the_whole_region()
    {
        var bench = new HardwareBench();
        var set = new WorkingSet("app", bench.Code(bench.App, "code", 1), bench.Data(bench.App, "data", 1));
        bench.Core.Touch(bench.App, set, 1000, 1000);
        Assert.That((bench.Core.Caches.Instructions.Misses, bench.Core.Caches.Data.Misses), Is.EqualTo((64L, 64L)), "every line once, then all hits");
    }
}
