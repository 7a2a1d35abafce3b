using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Happens when the resource is granted. Disposing of it gives the resource back, or gives up waiting for it.</summary>
public class Request : Event, IDisposable
{
    readonly object origin;
    readonly Action<Event>? onDispose;

    public Request(Simulation environment, Action<Event> callback, Action<Event> disposeCallback) : base(environment, isTriggered: false, isFollowed: true)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentNullException.ThrowIfNull(disposeCallback);
        origin = callback;
        onDispose = disposeCallback;
        if (GetType() != typeof(Request) && GetType() != typeof(PreemptiveRequest)) Extend();
        Number = environment.TakeNumber();
        Time = environment.Now;
        Owner = environment.ActiveProcess;
    }

    internal Request(Simulation environment, Resource resource) : base(environment, isTriggered: false, isFollowed: true)
    {
        origin = resource;
        Time = environment.Instant;
        Owner = environment.ActiveProcess;
    }

    /// <summary>When it was made.</summary>
    public DateTime Time { get; }

    public Process? Owner { get; set; }

    internal override string Description => Owner is null ? base.Description : $"{base.Description} of {Owner.Description}";

    internal override object Origin => origin;

    /// <summary>Of the requests of its simulation; where they are kept in a set.</summary>
    internal int Number { get; }

    /// <summary>Whether a unit of the resource is lent to it; where they are not kept in a set.</summary>
    internal bool IsServed { get; set; }

    /// <summary>Set once it was given back or given up.</summary>
    internal bool IsOver { get; set; }

    /// <summary>Does nothing when that was done before.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "There is nothing to finalize, and the call costs as much as a grant.")]
    public virtual void Dispose()
    {
        if (IsOver) return;
        if (origin is Resource resource) resource.Dispose(this);
        else onDispose!(this);
    }

    private protected override void Follow()
    {
        if (origin is Resource resource) resource.Follow(this);
        else base.Follow();
    }
}

/// <summary>Requests in a set by their number, which is cheaper to ask for than the identity of an object.</summary>
sealed class RequestNumbers : IEqualityComparer<Request>
{
    public static RequestNumbers Comparer { get; } = new();

    public bool Equals(Request? x, Request? y) => ReferenceEquals(x, y);

    public int GetHashCode(Request request) => request.Number;
}
