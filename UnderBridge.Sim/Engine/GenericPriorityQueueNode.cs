namespace UnderBridge.Sim.Engine;

/// <summary>What a node of a queue knows of its place there.</summary>
public class GenericPriorityQueueNode
{
    /// <summary>Only the queue gives this a meaning.</summary>
    public int QueueIndex { get; internal set; }

    /// <summary>How many nodes the queue had been given before this one.</summary>
    public long InsertionIndex { get; internal set; }
}

/// <summary>A node with a priority.</summary>
public class GenericPriorityQueueNode<TPriority> : GenericPriorityQueueNode
{
    /// <summary>Changed by the queue alone, as long as the node is in it.</summary>
    public TPriority Priority { get; protected internal set; } = default!;
}
