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
/// once it has grown to the longest plan. Quantities of one price between two calls are summed, since only calls are points in time. A plan that the server
/// can not perform is refused where it is written.
/// </summary>
public sealed class ServerPlan
{
    readonly string server;
    readonly IReadOnlyList<string>? priceNames;
    readonly int prices = int.MaxValue;
    (string Name, int Lines)[]? regions;
    int servers = int.MaxValue;
    PlanAction[] actions = new PlanAction[64];
    int[] latestOfPrice = new int[2];
    int afterLastCall;

    /// <summary>A plan of no server, to try a handler with: any index goes.</summary>
    public ServerPlan() => server = "a server";

    /// <summary>The plan of a server whose handler names these prices.</summary>
    internal ServerPlan(string server, IReadOnlyList<string> priceNames)
    {
        this.server = $"the server '{server}'";
        this.priceNames = priceNames;
        prices = priceNames.Count;
    }

    /// <summary>Tells the plan which regions there are, and how many servers.</summary>
    internal void Connect((string Name, int Lines)[] regions, int servers) => (this.regions, this.servers) = (regions, servers);

    internal int Count { get; private set; }

    internal ref readonly PlanAction this[int index] => ref actions.AsSpan(0, Count)[index];

    /// <summary>Real work: so many units of a price.</summary>
    /// <param name="price">Index among the handler's <see cref="IServerHandler.PriceNames"/>.</param>
    /// <param name="quantity">Units, 0 or more; may be a fraction.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such price, or the quantity is negative, infinite or no number.</exception>
    public void Work(int price, double quantity) => Spend(PlanKind.Work, price, quantity);

    /// <summary>Payload moved through a buffer shared with another server: so many units of a price. Servers linked into the kernel pass a pointer and pay nothing.</summary>
    /// <param name="price">Index among the handler's <see cref="IServerHandler.PriceNames"/>.</param>
    /// <param name="quantity">Units, 0 or more; may be a fraction.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such price, or the quantity is negative, infinite or no number.</exception>
    public void Copy(int price, double quantity) => Spend(PlanKind.Copy, price, quantity);

    /// <summary>
    /// Lines of one of the server's regions, read or written. A region takes whole pages: lines after its last byte, but in its last page, are memory of the server
    /// like the others, and what lies beyond that page is refused.
    /// </summary>
    /// <param name="region">Index among the handler's <see cref="IServerHandler.Regions"/>.</param>
    /// <param name="firstLine">Cache lines into the region, from 0.</param>
    /// <param name="lines">Cache lines, 0 or more.</param>
    /// <param name="write">True for writes, false for reads.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such region, or it has no such lines.</exception>
    public void Touch(int region, int firstLine, int lines, bool write)
    {
        if (regions is not null && (uint)region >= (uint)regions.Length) throw Unknown(nameof(region), region, "region", [.. regions.Select(one => one.Name)]);
        if (firstLine < 0) throw Wrong(nameof(firstLine), firstLine, $"touches region {Named(region)} from line {firstLine}, expected 0 or more");
        if (lines < 0) throw Wrong(nameof(lines), lines, $"touches {lines} lines of region {Named(region)}, expected 0 or more");
        if (regions is not null && (long)firstLine + lines > regions[region].Lines)
            throw Wrong(nameof(lines), lines, $"touches lines {firstLine} to {(long)firstLine + lines - 1} of region {Named(region)}, which has {regions[region].Lines} in its pages");
        Add(new PlanAction(PlanKind.Touch, region, FirstLine: firstLine, Lines: lines, Write: write));
    }

    /// <summary>A call to another server, waited for.</summary>
    /// <param name="server">Position among the servers that it was added with.</param>
    /// <param name="request">What it is asked.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such server.</exception>
    public void Call(int server, in ServerRequest request)
    {
        if ((uint)server >= (uint)servers) throw Wrong(nameof(server), server, $"calls server {server}, expected 0 to {servers - 1}, of those that it was added with");
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
        if ((uint)price >= (uint)prices) throw Unknown(nameof(price), price, "price", priceNames ?? []);
        if (!(quantity >= 0 && quantity <= double.MaxValue))
            throw Wrong(nameof(quantity), quantity, $"plans {quantity} units of price {(priceNames is null ? price : $"'{priceNames[price]}'")}, expected 0 or more");
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

    string Named(int region) => regions is null ? $"{region}" : $"'{regions[region].Name}'";

    ArgumentOutOfRangeException Unknown(string parameter, int index, string what, IReadOnlyList<string> names) => Wrong(parameter, index,
        $"names {what} {index}, expected {(names.Count == 0 ? $"none, because its handler has no {what}" : string.Join(", ", names.Select((name, i) => $"{i} ('{name}')")))}");

    ArgumentOutOfRangeException Wrong(string parameter, object given, FormattableString what) =>
        new(parameter, given, $"{server} {FormattableString.Invariant(what)}");
}
