namespace UnderBridge.Sim.Engine;

/// <summary>A pending event as the queue moves it around: 16 bytes without a reference.</summary>
readonly struct EventNode(long time, uint insertion, int slot)
{
    public readonly long Time = time;

    /// <summary>The insertion number above the slot, so that it decides among equal times.</summary>
    public readonly ulong Order = ((ulong)insertion << 32) | (uint)slot;

    public uint Insertion => (uint)(Order >> 32);

    public int Slot => (int)(uint)Order;

    public static int Compare(EventNode a, EventNode b) => a.Time != b.Time ? a.Time.CompareTo(b.Time) : a.Order.CompareTo(b.Order);
}
