using System.Collections;

namespace UnderBridge.Sim.Engine;

/// <summary>Nodes in their own order, equal ones in the order of insertion; a binary heap of limited size. Each method takes logarithmic time at most.</summary>
public sealed class GenericPriorityQueue<TItem> : IEnumerable<TItem>
    where TItem : GenericPriorityQueueNode
{
    readonly Comparison<TItem> order;
    // From place 1 on, so that the children of a place are at twice the place and behind it.
    TItem?[] nodes;
    long insertions;

    public GenericPriorityQueue(int maxNodes) : this(maxNodes, Comparer<TItem>.Default) { }

    public GenericPriorityQueue(int maxNodes, IComparer<TItem> comparer) : this(maxNodes, (comparer ?? throw new ArgumentNullException(nameof(comparer))).Compare) { }

    public GenericPriorityQueue(int maxNodes, Comparison<TItem> comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNodes);
        ArgumentNullException.ThrowIfNull(comparer);
        order = comparer;
        nodes = new TItem[maxNodes + 1];
    }

    public int Count { get; private set; }

    /// <summary>How many nodes find place; see <see cref="Resize"/>.</summary>
    public int MaxSize => nodes.Length - 1;

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem First => Count > 0 ? nodes[1]! : throw new InvalidOperationException("The queue is empty.");

    public void Clear()
    {
        Array.Clear(nodes);
        Count = 0;
    }

    public bool Contains(TItem node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.QueueIndex > 0 && node.QueueIndex <= Count && nodes[node.QueueIndex] == node;
    }

    /// <summary>Throws InvalidOperationException when the queue is full or has the node already.</summary>
    public void Enqueue(TItem node)
    {
        if (Contains(node)) throw new InvalidOperationException("The node is in the queue already.");
        if (Count == MaxSize) throw new InvalidOperationException($"The queue is full with {MaxSize} nodes.");
        node.InsertionIndex = insertions++;
        Settle(node, ++Count);
    }

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem Dequeue()
    {
        var first = First;
        Remove(first);
        return first;
    }

    /// <summary>Makes room for so many nodes; throws ArgumentOutOfRangeException when there are more already.</summary>
    public void Resize(int maxNodes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNodes, Math.Max(1, Count));
        Array.Resize(ref nodes, maxNodes + 1);
    }

    /// <summary>To be called when the place of a node in the order has changed. Among equal nodes its insertion still decides.</summary>
    public void UpdatePriority(TItem node)
    {
        ThrowIfAbsent(node);
        Settle(node, node.QueueIndex);
    }

    /// <summary>Throws InvalidOperationException when the node is not in the queue.</summary>
    public void Remove(TItem node)
    {
        ThrowIfAbsent(node);
        var last = nodes[Count]!;
        nodes[Count--] = null;
        if (last != node) Settle(last, node.QueueIndex);
    }

    /// <summary>The nodes as they lie in the heap: only the first place has a meaning.</summary>
    public IEnumerator<TItem> GetEnumerator() => nodes.Skip(1).Take(Count).Cast<TItem>().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether no node comes before its parent in the heap.</summary>
    public bool IsValidQueue()
    {
        for (var place = 2; place <= Count; place++)
            if (Precedes(nodes[place]!, nodes[place / 2]!)) return false;
        return true;
    }

    /// <summary>Puts a node where it belongs, beginning at a place that is free or its own.</summary>
    void Settle(TItem node, int place)
    {
        for (; place > 1 && Precedes(node, nodes[place / 2]!); place /= 2) Put(nodes[place / 2]!, place);
        for (int child; (child = EarlierChild(place)) <= Count && Precedes(nodes[child]!, node); place = child) Put(nodes[child]!, place);
        Put(node, place);
    }

    int EarlierChild(int place) => 2 * place < Count && Precedes(nodes[2 * place + 1]!, nodes[2 * place]!) ? 2 * place + 1 : 2 * place;

    void Put(TItem node, int place)
    {
        nodes[place] = node;
        node.QueueIndex = place;
    }

    bool Precedes(TItem a, TItem b) => order(a, b) is var by and not 0 ? by < 0 : a.InsertionIndex < b.InsertionIndex;

    void ThrowIfAbsent(TItem node)
    {
        if (!Contains(node)) throw new InvalidOperationException("The node is not in the queue.");
    }
}

/// <summary>Nodes by priority, lower values first, those of one priority in the order of insertion.</summary>
public sealed class GenericPriorityQueue<TItem, TPriority> : IEnumerable<TItem>
    where TItem : GenericPriorityQueueNode<TPriority>
    where TPriority : IComparable<TPriority>
{
    readonly GenericPriorityQueue<TItem> queue;

    public GenericPriorityQueue(int maxNodes) : this(maxNodes, Comparer<TPriority>.Default) { }

    public GenericPriorityQueue(int maxNodes, IComparer<TPriority> comparer) : this(maxNodes, (comparer ?? throw new ArgumentNullException(nameof(comparer))).Compare) { }

    public GenericPriorityQueue(int maxNodes, Comparison<TPriority> comparer)
    {
        ArgumentNullException.ThrowIfNull(comparer);
        queue = new(maxNodes, (a, b) => comparer(a.Priority, b.Priority));
    }

    public int Count => queue.Count;

    /// <summary>How many nodes find place; see <see cref="Resize"/>.</summary>
    public int MaxSize => queue.MaxSize;

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem First => queue.First;

    public void Clear() => queue.Clear();

    public bool Contains(TItem node) => queue.Contains(node);

    /// <summary>Throws InvalidOperationException when the queue is full or has the node already.</summary>
    public void Enqueue(TItem node, TPriority priority)
    {
        if (!queue.Contains(node)) node.Priority = priority;
        queue.Enqueue(node);
    }

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem Dequeue() => queue.Dequeue();

    /// <summary>Makes room for so many nodes; throws ArgumentOutOfRangeException when there are more already.</summary>
    public void Resize(int maxNodes) => queue.Resize(maxNodes);

    /// <summary>Among nodes of one priority their insertion still decides. Throws InvalidOperationException when the node is not in the queue.</summary>
    public void UpdatePriority(TItem node, TPriority priority)
    {
        if (queue.Contains(node)) node.Priority = priority;
        queue.UpdatePriority(node);
    }

    /// <summary>Throws InvalidOperationException when the node is not in the queue.</summary>
    public void Remove(TItem node) => queue.Remove(node);

    /// <summary>The nodes as they lie in the heap: only the first place has a meaning.</summary>
    public IEnumerator<TItem> GetEnumerator() => queue.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool IsValidQueue() => queue.IsValidQueue();
}
