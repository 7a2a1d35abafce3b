using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Containment;

/// <summary>What an attacker did on the core: whom it reached, and when it was stopped.</summary>
sealed class Trail(AttackStage stage, Actor actor)
{
    long begin;

    public Actor Actor => actor;

    public HashSet<Actor> Reached { get; } = [];

    public IReadOnlyList<string> Names => [.. Reached.Select(one => one.Name).Order(StringComparer.Ordinal)];

    /// <summary>Cycles booked from the beginning until it was stopped; null while it goes on.</summary>
    public double? DetectedAfter { get; private set; }

    public void Begin() => begin = stage.Core.Ledger.Total;

    public void Stop() => DetectedAfter ??= stage.Core.Ledger.Total - begin;

    public void Reach(Region region)
    {
        if (stage.Cast.OwnerOf(region) is { } owner && owner != actor) Reached.Add(owner);
    }

    /// <summary>Touches a line of a page. A fault enters the kernel, which stops the attacker.</summary>
    public void Touch(Region region, int page, Access access, bool reaches = true)
    {
        var before = stage.Core.Faults.Count;
        if (access == Access.Fetch) stage.Core.Run(actor.Owner, new Footprint("jump", new FootprintPart(region, 1, Access.Fetch)));
        else stage.Core.Touch(actor.Owner, region, page * region.LinesPerPage, 1, access == Access.Write);
        if (stage.Core.Faults.Count == before)
        {
            if (reaches) Reach(region);
            return;
        }
        stage.Core.Charge(Cause.PrivilegeSwitch, "interrupt", 1);
        Stop();
    }

    /// <summary>Writes to everything that it may write to; where that is nothing, it tries all the same.</summary>
    public void WriteAll()
    {
        var foreign = stage.Cast.ForeignTo(actor).ToList();
        foreach (var region in foreign.Where(region => stage.Core.Check(region, Access.Write) == ProtectionRule.Allowed)) Touch(region, 0, Access.Write);
        if (Reached.Count == 0) Touch(foreign[0], 0, Access.Write);
    }
}
