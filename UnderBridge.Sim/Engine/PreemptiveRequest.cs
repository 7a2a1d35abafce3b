using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Ordered by priority (lower first), then time, then those that preempt before the others.</summary>
[SuppressMessage("Design", "CA1036", Justification = "Requests are ordered in queues; two of them are the same only by identity.")]
public sealed class PreemptiveRequest : Request, IComparable<PreemptiveRequest>, IComparable
{
    public PreemptiveRequest(Simulation environment, Action<Event> callback, Action<Event> disposeCallback, double priority = 1, bool preempt = false)
        : base(environment, callback, disposeCallback) => (Priority, Preempt) = (priority, preempt);

    public double Priority { get; }

    /// <summary>Whether it takes the resource away from a user that is worse than it.</summary>
    public bool Preempt { get; }

    public bool IsPreempted { get; internal set; }

    internal DateTime Granted { get; set; }

    /// <summary>Counts the grants of the resource.</summary>
    internal long Turn { get; set; }

    public int CompareTo(PreemptiveRequest? other) =>
        other is null ? 1 : (Priority, Time, !Preempt).CompareTo((other.Priority, other.Time, !other.Preempt));

    public int CompareTo(object? obj) => CompareTo(obj as PreemptiveRequest);
}
