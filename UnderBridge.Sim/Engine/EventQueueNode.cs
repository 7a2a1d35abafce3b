namespace UnderBridge.Sim.Engine;

/// <summary>A pending event as one looks at it from outside: a picture, changing it does not move the event.</summary>
public class EventQueueNode
{
    public DateTime PrimaryPriority { get; set; }
    public int SecondaryPriority { get; set; }
    public Event? Event { get; set; }
    public long InsertionIndex { get; set; }
    public int QueueIndex { get; set; }
}
