using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>An item in a store, and when it came in.</summary>
[SuppressMessage("Design", "CA1051", Justification = "The shared interface has fields here.")]
[SuppressMessage("Performance", "CA1815", Justification = "Items are the same only by identity.")]
public struct StoreItem
{
    public DateTime AdmissionDate;
    public object Item;
}
