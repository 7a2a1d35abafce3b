namespace UnderBridge.Sim.Systems;

/// <summary>What one entry of a plan is.</summary>
enum PlanKind
{
    /// <summary>Real work: a quantity of a priced unit.</summary>
    Work,

    /// <summary>A message's payload moved to or from a buffer shared with another server: a priced unit too. A placement without messages does none of it.</summary>
    Copy,

    /// <summary>Lines of a region read or written.</summary>
    Touch,

    /// <summary>A call to another server, which the caller waits for.</summary>
    Call,

    /// <summary>Privileged instructions of a class.</summary>
    Privileged,
}

/// <summary>An entry of a plan. <paramref name="Index"/> is a price, a region, a server or a class, as the kind says.</summary>
readonly record struct PlanAction(
    PlanKind Kind, int Index, double Quantity = 0, int FirstLine = 0, int Lines = 0, bool Write = false, ServerRequest Request = default);

/// <summary>
/// What serving a request takes, in order. Written by a handler, performed by the server's process, then cleared and used again: nothing is allocated
/// once it has grown to the longest plan. Quantities of one price between two calls are summed, since only calls are points in time.
/// </summary>
public sealed class ServerPlan
{
    PlanAction[] actions = new PlanAction[64];
    int[] latestOfPrice = new int[2];
    int afterLastCall;

    internal int Count { get; private set; }

    internal ref readonly PlanAction this[int index] => ref actions.AsSpan(0, Count)[index];

    /// <summary>Real work: so many units of a price.</summary>
    public void Work(int price, double quantity) => Spend(PlanKind.Work, price, quantity);

    /// <summary>Payload moved through a buffer shared with another server: so many units of a price.</summary>
    public void Copy(int price, double quantity) => Spend(PlanKind.Copy, price, quantity);

    /// <summary>Lines of one of the server's regions, read or written.</summary>
    public void Touch(int region, int firstLine, int lines, bool write) =>
        Add(new PlanAction(PlanKind.Touch, region, FirstLine: firstLine, Lines: lines, Write: write));

    /// <summary>A call to another server, waited for.</summary>
    public void Call(int server, in ServerRequest request)
    {
        Add(new PlanAction(PlanKind.Call, server, Request: request));
        afterLastCall = Count;
    }

    /// <summary>Privileged instructions of a class, so many.</summary>
    internal void Privileged(PrivilegedClass instructions, int times) => Add(new PlanAction(PlanKind.Privileged, (int)instructions, times));

    internal void Clear()
    {
        Count = 0;
        afterLastCall = 0;
    }

    void Spend(PlanKind kind, int price, double quantity)
    {
        var key = (2 * price) + (kind == PlanKind.Copy ? 1 : 0);
        if (key >= latestOfPrice.Length) Array.Resize(ref latestOfPrice, 2 * (key + 1));
        var latest = latestOfPrice[key];
        if (latest >= afterLastCall && latest < Count && actions[latest].Kind == kind && actions[latest].Index == price)
        {
            actions[latest] = actions[latest] with { Quantity = actions[latest].Quantity + quantity };
            return;
        }
        latestOfPrice[key] = Count;
        Add(new PlanAction(kind, price, quantity));
    }

    void Add(in PlanAction action)
    {
        if (Count == actions.Length) Array.Resize(ref actions, 2 * Count);
        actions[Count++] = action;
    }
}
