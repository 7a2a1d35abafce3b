using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Tests;

sealed class ServerPlanTests
{
    [Test]
    public void Work_of_one_price_is_summed_up_to_the_next_call()
    {
        var plan = new ServerPlan();
        plan.Work(1, 2);
        plan.Work(0, 1);
        plan.Work(1, 3);
        plan.Copy(1, 7);
        plan.Call(0, default);
        plan.Work(1, 4);
        Assert.That(Enumerable.Range(0, plan.Count).Select(i => (plan[i].Kind, plan[i].Index, plan[i].Quantity)), Is.EqualTo(new[]
        {
            (PlanKind.Work, 1, 5.0), (PlanKind.Work, 0, 1.0), (PlanKind.Copy, 1, 7.0), (PlanKind.Call, 0, 0.0), (PlanKind.Work, 1, 4.0),
        }));
    }

    [Test]
    public void A_plan_cleared_is_empty_and_sums_nothing_of_before()
    {
        var plan = new ServerPlan();
        plan.Work(1, 2);
        plan.Clear();
        Assert.That(plan.Count, Is.Zero);
        plan.Work(1, 3);
        Assert.That(plan[0].Quantity, Is.EqualTo(3));
    }

    [TestCase(DiskOperation.Read, true)]
    [TestCase(DiskOperation.Write, false)]
    public void The_disk_moves_one_block_through_the_shared_buffer(DiskOperation operation, bool writesBuffer)
    {
        var disk = new RamDisk(1024);
        var plan = new ServerPlan();
        disk.Plan(new ServerRequest((int)operation, 77), plan);
        Assert.That(disk.PriceNames, Is.EqualTo(new[] { "disk-call", "memcpy-fixed", "memcpy-byte-ramdisk" }));
        Assert.That(Enumerable.Range(0, 3).Select(i => plan[i].Quantity), Is.EqualTo(new[] { 1.0, 1.0, 1024.0 }));
        Assert.That(plan[3], Is.EqualTo(new PlanAction(PlanKind.Touch, 0, Lines: 16, Write: writesBuffer)));
        Assert.That(plan.Count, Is.EqualTo(4));
    }

    [Test]
    public void Server_and_disk_share_the_buffer_by_name()
    {
        var server = new FileServer();
        Assert.That(new RamDisk(1024).Regions.Intersect(server.System.Regions).Single(), Is.EqualTo(new ServerRegion("shared-block", 1024)));
        Assert.That(server.System.PriceNames, Is.EqualTo(new[] { "fs-call", "bread", "list-step", "memcpy-fixed", "memcpy-byte-hot" }));
    }

    [Test]
    public void A_block_is_copied_into_the_shared_buffer_before_the_disk_is_called_and_out_of_it_after()
    {
        var server = new FileServer();
        server.Ask(FileOperation.Create, "/a");
        var plan = server.LastPlan;
        var inFlight = 0.0;
        for (var i = 0; i < plan.Count; i++)
        {
            if (plan[i].Kind == PlanKind.Copy && plan[i].Index == FilePrices.CopyByte) inFlight += plan[i].Quantity;
            if (plan[i].Kind == PlanKind.Call && (DiskOperation)plan[i].Request.Operation == DiskOperation.Write)
            {
                Assert.That(inFlight, Is.GreaterThanOrEqualTo(1024));
                inFlight -= 1024;
            }
        }
        Assert.That(server.Reads + server.Writes, Is.EqualTo(Enumerable.Range(0, plan.Count).Count(i => plan[i].Kind == PlanKind.Call)));
    }
}
