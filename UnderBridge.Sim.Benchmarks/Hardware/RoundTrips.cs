using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>
/// The references of an IPC round trip on a core of the machine model: client, kernel, server, kernel, with changes of the address
/// space that keep translations. Owners, ghosts, protection checks and the ledger are on.
/// </summary>
sealed class RoundTrips
{
    public const int References = 1240;

    readonly Core core;
    readonly Leg[] legs;
    readonly Owner kernel;
    readonly Region note;
    readonly int stray;
    int untilStray;

    /// <summary>With <paramref name="fastForward"/>, what repeats itself is spared; every <paramref name="stray"/> round trips, if any, something else comes between.</summary>
    public RoundTrips(HardwareProfile profile, bool fastForward, int stray = 0)
    {
        this.stray = untilStray = stray;
        var machine = new Machine(profile, fastForward: fastForward);
        core = machine.Cores[0];
        kernel = machine.AddOwner("kernel", OwnerKind.Kernel);
        core.WriteControl(core.Control | Control.Pcide, kernel);
        var client = machine.AddOwner("client", OwnerKind.App);
        var server = machine.AddOwner("server", OwnerKind.Server);
        AddressSpace[] spaces = [machine.AddSpace("client", kpti: false), machine.AddSpace("server", kpti: false)];

        Footprint Touching(string name, Owner owner, int codeLines, int dataLines, int pages)
        {
            var code = machine.AddRegion(new RegionSpec($"{name}.code", owner, pages) { Executable = true, UserAccessible = owner != kernel });
            var data = machine.AddRegion(new RegionSpec($"{name}.data", owner, pages) { Writable = true, UserAccessible = owner != kernel });
            foreach (var space in spaces)
            {
                space.Map(code);
                space.Map(data);
            }
            return new Footprint(name, code, codeLines, data, dataLines, Access.Write);
        }

        note = machine.AddRegion(new RegionSpec("note", kernel, 1));
        foreach (var space in spaces) space.Map(note);
        var path = Touching("path", kernel, 260, 160, 8);
        legs =
        [
            new(client, Touching("client", client, 120, 80, 4), spaces[0]), new(kernel, path, spaces[0]),
            new(server, Touching("server", server, 120, 80, 4), spaces[1]), new(kernel, path, spaces[1]),
        ];
        if (legs.Sum(leg => leg.Footprint.Lines) != References) throw new InvalidOperationException("the footprints do not add up");
    }

    public void Run(int trips)
    {
        for (var trip = 0; trip < trips; trip++)
        {
            foreach (var leg in legs)
            {
                if (!ReferenceEquals(core.Space, leg.Space)) core.WriteCr3(leg.Space, kernelView: false, flush: false, kernel);
                core.Run(leg.Owner, leg.Footprint);
            }
            if (--untilStray != 0) continue;
            untilStray = stray;
            core.Touch(kernel, note, 0, 1, write: false);
        }
    }

    readonly record struct Leg(Owner Owner, Footprint Footprint, AddressSpace Space);
}
