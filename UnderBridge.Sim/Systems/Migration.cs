using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Systems;

/// <summary>What came of an order to move a server.</summary>
enum MigrationOutcome
{
    /// <summary>It is on its way.</summary>
    Pending,

    Moved,

    /// <summary>It was there already.</summary>
    AlreadyThere,

    /// <summary>No memory domain is free in the kernel: another server must leave first.</summary>
    NoFreeKey,

    /// <summary>The design keeps servers where they are.</summary>
    Fixed,
}

/// <summary>
/// A server on its way from a process into the kernel or back, as a process. It quiesces the server: calls in flight end on the way they began, new ones wait. Then
/// it takes the core, remaps the server's memory to its other virtual region, and lets it go on, first with those who waited.
/// </summary>
sealed class Migration
{
    readonly SimulatedSystem system;
    readonly MemoryLayout layout;
    readonly Remapping? remapping;
    readonly Signal dispatched;

    internal Migration(SimulatedSystem system, MemoryLayout layout, Remapping? remapping, Server server, Placement to)
    {
        (this.system, this.layout, this.remapping, Server, To) = (system, layout, remapping, server, to);
        dispatched = new Signal(system.Environment, $"the core, to move {server.Principal.Owner.Name}");
        Outcome = Refusal();
        Process = system.Environment.Process(Run()).Named($"migration of {server.Principal.Owner.Name}");
    }

    public Server Server { get; }
    public Placement To { get; }
    public MigrationOutcome Outcome { get; private set; }

    /// <summary>Ends when the server is where it was to go, or was refused.</summary>
    public Process Process { get; }

    MigrationOutcome Refusal() => !Server.Principal.Place.Movable || To is not (Placement.UserProcess or Placement.KernelDomain) ? MigrationOutcome.Fixed
        : Server.Principal.Placement == To ? MigrationOutcome.AlreadyThere
        : To == Placement.KernelDomain && layout.Keys.Free == 0 ? MigrationOutcome.NoFreeKey
        : MigrationOutcome.Pending;

    IEnumerable<Event> Run()
    {
        if (Outcome != MigrationOutcome.Pending) yield break;
        Server.Close();
        while (Server.Current is not null) yield return Server.Drained.Wait();
        system.Processor.Enqueue(dispatched);
        system.Processor.Interrupt();
        yield return dispatched.Wait();
        var interrupted = Registers.Of(system.Core);
        system.EnterKernel();
        Outcome = layout.TryMove(Server.Principal.Place, To) ? MigrationOutcome.Moved : MigrationOutcome.NoFreeKey;
        if (Outcome == MigrationOutcome.Moved) Pay();
        yield return system.Processor.Spend();
        interrupted.Load(system.Core, system.Kernel);
        system.Processor.Release();
        Server.Open();
    }

    // An entry goes in one half and comes in the other.
    void Pay()
    {
        remapping!.Charge(2 * Server.Principal.Place.Pages);
        system.Migrations++;
    }
}
