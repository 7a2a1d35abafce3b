using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>
/// Items by priority, lower values first, those of one priority in the order of insertion. To find an item takes linear time; of an item that is
/// there several times it finds the oldest.
/// </summary>
public class SimplePriorityQueue<TItem, TPriority> : IEnumerable<TItem>
    where TPriority : IComparable<TPriority>
{
    readonly GenericPriorityQueue<Node, TPriority> queue;
    readonly Comparison<TPriority> order;

    public SimplePriorityQueue() : this(Comparer<TPriority>.Default) { }

    public SimplePriorityQueue(IComparer<TPriority> comparer) : this((comparer ?? throw new ArgumentNullException(nameof(comparer))).Compare) { }

    public SimplePriorityQueue(Comparison<TPriority> comparer) => (queue, order) = (new(16, comparer), comparer);

    public int Count => queue.Count;

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem First => queue.First.Item;

    /// <summary>The priority of the first item; throws InvalidOperationException when there is none.</summary>
    public TPriority Peek => queue.First.Priority;

    public void Clear() => queue.Clear();

    public bool Contains(TItem item) => Find(item) is not null;

    public TItem Dequeue() => queue.Dequeue().Item;

    public void Enqueue(TItem item, TPriority priority)
    {
        if (queue.Count == queue.MaxSize) queue.Resize(2 * queue.MaxSize);
        queue.Enqueue(new(item), priority);
    }

    public bool EnqueueWithoutDuplicates(TItem item, TPriority priority)
    {
        if (Contains(item)) return false;
        Enqueue(item, priority);
        return true;
    }

    /// <summary>Throws InvalidOperationException when the item is not there.</summary>
    public void Remove(TItem item)
    {
        if (!TryRemove(item)) throw Absent();
    }

    /// <summary>Among items of one priority their insertion still decides. Throws InvalidOperationException when the item is not there.</summary>
    public void UpdatePriority(TItem item, TPriority priority)
    {
        if (!TryUpdatePriority(item, priority)) throw Absent();
    }

    public TPriority GetPriority(TItem item) => TryGetPriority(item, out var priority) ? priority : throw Absent();

    public bool TryFirst([MaybeNullWhen(false)] out TItem first)
    {
        first = Count > 0 ? First : default;
        return Count > 0;
    }

    public bool TryDequeue([MaybeNullWhen(false)] out TItem first)
    {
        first = default;
        if (Count == 0) return false;
        first = Dequeue();
        return true;
    }

    public bool TryRemove(TItem item)
    {
        if (Find(item) is not { } node) return false;
        queue.Remove(node);
        return true;
    }

    public bool TryUpdatePriority(TItem item, TPriority priority)
    {
        if (Find(item) is not { } node) return false;
        queue.UpdatePriority(node, priority);
        return true;
    }

    public bool TryGetPriority(TItem item, [MaybeNullWhen(false)] out TPriority priority)
    {
        var node = Find(item);
        priority = node is null ? default : node.Priority;
        return node is not null;
    }

    /// <summary>The items in the order in which they will come out.</summary>
    public IEnumerator<TItem> GetEnumerator() =>
        queue.OrderBy(node => node.Priority, Comparer<TPriority>.Create(order)).ThenBy(node => node.InsertionIndex).Select(node => node.Item).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool IsValidQueue() => queue.IsValidQueue();

    Node? Find(TItem item)
    {
        Node? found = null;
        foreach (var node in queue)
            if (EqualityComparer<TItem>.Default.Equals(node.Item, item) && (found is null || node.InsertionIndex < found.InsertionIndex)) found = node;
        return found;
    }

    static InvalidOperationException Absent() => new("The item is not in the queue.");

    sealed class Node(TItem item) : GenericPriorityQueueNode<TPriority>
    {
        public TItem Item => item;
    }
}

/// <summary>Items in their own order, equal ones in the order of insertion.</summary>
public class SimplePriorityQueue<TItem> : IEnumerable<TItem>
    where TItem : IComparable<TItem>
{
    readonly SimplePriorityQueue<TItem, TItem> queue;

    public SimplePriorityQueue() => queue = new();

    public SimplePriorityQueue(IComparer<TItem> comparer) => queue = new(comparer);

    public SimplePriorityQueue(Comparison<TItem> comparer) => queue = new(comparer);

    public int Count => queue.Count;

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem First => queue.First;

    public void Clear() => queue.Clear();

    public bool Contains(TItem item) => queue.Contains(item);

    public TItem Dequeue() => queue.Dequeue();

    public void Enqueue(TItem item) => queue.Enqueue(item, item);

    public bool EnqueueWithoutDuplicates(TItem item) => queue.EnqueueWithoutDuplicates(item, item);

    public void Remove(TItem item) => queue.Remove(item);

    /// <summary>To be called when the place of an item in the order has changed.</summary>
    public void UpdatePriority(TItem item) => queue.UpdatePriority(item, item);

    public bool TryFirst([MaybeNullWhen(false)] out TItem first) => queue.TryFirst(out first);

    public bool TryDequeue([MaybeNullWhen(false)] out TItem first) => queue.TryDequeue(out first);

    public bool TryRemove(TItem item) => queue.TryRemove(item);

    public bool TryUpdatePriority(TItem item) => queue.TryUpdatePriority(item, item);

    public IEnumerator<TItem> GetEnumerator() => queue.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool IsValidQueue() => queue.IsValidQueue();
}
