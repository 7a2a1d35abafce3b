namespace UnderBridge.Sim.Engine;

/// <summary>Something that lets go of who waits for it.</summary>
interface IWithdraws
{
    /// <summary>Takes a put or get out of its line; false when it is not in it any more.</summary>
    bool Withdraw(Event waiting);
}
