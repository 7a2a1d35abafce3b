using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Items by priority, those of one priority in the order of insertion. Removal of an item that is not the first takes linear time.</summary>
public class SimplePriorityQueue<TItem, TPriority> : IEnumerable<TItem>
{
    readonly PriorityQueue<TItem, (TPriority Priority, long Insertion)> queue;
    readonly Comparer<(TPriority Priority, long Insertion)> order;
    long insertions;

    public SimplePriorityQueue() : this(Comparer<TPriority>.Default) { }

    public SimplePriorityQueue(IComparer<TPriority> comparer)
    {
        ArgumentNullException.ThrowIfNull(comparer);
        order = Comparer<(TPriority Priority, long Insertion)>.Create((a, b) =>
            comparer.Compare(a.Priority, b.Priority) is var byPriority and not 0 ? byPriority : a.Insertion.CompareTo(b.Insertion));
        queue = new(order);
    }

    public SimplePriorityQueue(Comparison<TPriority> comparer) : this(Comparer<TPriority>.Create(comparer)) { }

    public int Count => queue.Count;

    /// <summary>Throws InvalidOperationException when there is none.</summary>
    public TItem First => queue.Peek();

    /// <summary>The priority of the first item; throws InvalidOperationException when there is none.</summary>
    public TPriority Peek => queue.TryPeek(out _, out var rank) ? rank.Priority : throw new InvalidOperationException("The queue is empty.");

    public void Clear() => queue.Clear();

    public bool Contains(TItem item) => TryGetPriority(item, out _);

    public TItem Dequeue() => queue.Dequeue();

    public void Enqueue(TItem item, TPriority priority) => queue.Enqueue(item, (priority, insertions++));

    public bool EnqueueWithoutDuplicates(TItem item, TPriority priority)
    {
        if (Contains(item)) return false;
        Enqueue(item, priority);
        return true;
    }

    public void Remove(TItem item)
    {
        if (!TryRemove(item)) throw Absent();
    }

    /// <summary>Moves an item behind those that have the new priority already.</summary>
    public void UpdatePriority(TItem item, TPriority priority)
    {
        if (!TryUpdatePriority(item, priority)) throw Absent();
    }

    public TPriority GetPriority(TItem item) => TryGetPriority(item, out var priority) ? priority : throw Absent();

    public bool TryFirst([MaybeNullWhen(false)] out TItem first) => queue.TryPeek(out first, out _);

    public bool TryDequeue([MaybeNullWhen(false)] out TItem first) => queue.TryDequeue(out first, out _);

    public bool TryRemove(TItem item) => queue.Remove(item, out _, out _);

    public bool TryUpdatePriority(TItem item, TPriority priority)
    {
        if (!TryRemove(item)) return false;
        Enqueue(item, priority);
        return true;
    }

    public bool TryGetPriority(TItem item, [MaybeNullWhen(false)] out TPriority priority)
    {
        foreach (var (other, rank) in queue.UnorderedItems)
        {
            if (!EqualityComparer<TItem>.Default.Equals(other, item)) continue;
            priority = rank.Priority;
            return true;
        }
        priority = default;
        return false;
    }

    /// <summary>The items in the order in which they will come out.</summary>
    public IEnumerator<TItem> GetEnumerator() => queue.UnorderedItems.OrderBy(i => i.Priority, order).Select(i => i.Element).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether no item comes before the first.</summary>
    public bool IsValidQueue() => !queue.TryPeek(out _, out var first) || queue.UnorderedItems.All(i => order.Compare(first, i.Priority) <= 0);

    static InvalidOperationException Absent() => new("The item is not in the queue.");
}

/// <summary>Items in their own order, equal ones in the order of insertion.</summary>
public class SimplePriorityQueue<TItem> : IEnumerable<TItem>
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
