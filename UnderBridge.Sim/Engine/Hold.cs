using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// A delay that its process uses again once it has waited for it to its end. One that was watched otherwise, or abandoned by an
/// interrupted process, is not used again, since somebody may still hold it.
/// </summary>
sealed class Hold(Simulation environment) : Event(environment, isTriggered: true)
{
    bool isShared;

    bool IsFree => IsProcessed && !isShared;

    /// <summary>The hold of the active process if that is free, else a new one, which becomes its hold if the one it had will not be free again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Hold Take(Simulation environment)
    {
        var process = environment.ActiveProcess;
        if (process?.Hold is not { IsFree: true } hold) return Another(environment, process);
        hold.Rearm();
        return hold;
    }

    public override void AddCallback(Action<Event> callback)
    {
        isShared = true;
        base.AddCallback(callback);
    }

    public override void RemoveCallback(Action<Event> callback)
    {
        isShared = true;
        base.RemoveCallback(callback);
    }

    /// <summary>Taken out of the queue: whoever did that has it in hand.</summary>
    internal void Cancelled() => isShared = true;

    internal override void Abandon(Process process)
    {
        isShared = true;
        base.Abandon(process);
    }

    // Somebody may still want to wait for it.
    private protected override void PassUnseen() => isShared = true;

    static Hold Another(Simulation environment, Process? process)
    {
        var hold = new Hold(environment);
        if (process is { Hold: null or { isShared: true } }) process.Hold = hold;
        return hold;
    }
}
