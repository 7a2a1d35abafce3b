using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

public class PriorityQueueTests
{
    [Test]
    public void Nodes_come_out_by_priority_and_then_in_the_order_of_insertion_whatever_is_moved_and_removed([Range(1, 20)] int seed)
    {
        var random = new PcgRandom(seed);
        var queue = new GenericPriorityQueue<Node, int>(64);
        var model = new List<Node>();
        for (var step = 0; step < 300; step++)
        {
            var act = random.Next(4);
            if (act == 0 && model.Count > 0) queue.UpdatePriority(Any(), random.Next(5));
            else if (act == 1 && model.Count > 0)
            {
                var gone = Any();
                queue.Remove(gone);
                model.Remove(gone);
            }
            else if (act == 2 && model.Count > 0)
            {
                var first = model.MinBy(node => (node.Priority, node.InsertionIndex))!;
                Assert.That(queue.First, Is.SameAs(first), $"seed {seed}, step {step}");
                Assert.That(queue.Dequeue(), Is.SameAs(first), $"seed {seed}, step {step}");
                model.Remove(first);
            }
            else if (model.Count < queue.MaxSize)
            {
                model.Add(new());
                queue.Enqueue(model[^1], random.Next(5));
            }
            Assert.That((queue.Count, queue.IsValidQueue()), Is.EqualTo((model.Count, true)), $"seed {seed}, step {step}");
        }
        Assert.That(queue, Is.EquivalentTo(model));
        Assert.That(Drain(queue), Is.EqualTo(model.OrderBy(node => node.Priority).ThenBy(node => node.InsertionIndex)), $"seed {seed}");

        Node Any() => model[random.Next(model.Count)];
    }

    [Test]
    public void A_full_queue_takes_no_more_until_it_is_resized()
    {
        var queue = new GenericPriorityQueue<Node, int>(2);
        queue.Enqueue(new(), 2);
        queue.Enqueue(new(), 1);
        Assert.Throws<InvalidOperationException>(() => queue.Enqueue(new(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Resize(1));
        queue.Resize(3);
        queue.Enqueue(new(), 0);
        Assert.That((queue.Count, queue.MaxSize), Is.EqualTo((3, 3)));
        Assert.That(Drain(queue).Select(node => node.Priority), Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.Throws<InvalidOperationException>(() => queue.Dequeue());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new GenericPriorityQueue<Node, int>(0));
    }

    [Test]
    public void A_node_is_in_a_queue_once_and_only_there_can_it_be_moved_or_removed()
    {
        var (queue, other) = (new GenericPriorityQueue<Node, int>(4), new GenericPriorityQueue<Node, int>(4));
        var (node, stranger) = (new Node(), new Node());
        queue.Enqueue(node, 1);
        Assert.Throws<InvalidOperationException>(() => queue.Enqueue(node, 2));
        Assert.Throws<InvalidOperationException>(() => queue.UpdatePriority(stranger, 2));
        Assert.Throws<InvalidOperationException>(() => other.Remove(node));
        Assert.That((queue.Contains(node), queue.Contains(stranger), other.Contains(node), node.Priority), Is.EqualTo((true, false, false, 1)));
        queue.Clear();
        Assert.That((queue.Contains(node), queue.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void Nodes_may_have_an_order_of_their_own()
    {
        var queue = new GenericPriorityQueue<Job>(8, (a, b) => b.Weight.CompareTo(a.Weight));
        Job[] jobs = [new(1), new(3), new(2), new(3)];
        foreach (var job in jobs) queue.Enqueue(job);
        jobs[0].Weight = 9;
        queue.UpdatePriority(jobs[0]);
        Assert.That(Enumerable.Range(0, 4).Select(_ => queue.Dequeue()), Is.EqualTo(new[] { jobs[0], jobs[1], jobs[3], jobs[2] }));
    }

    [Test]
    public void A_queue_of_items_keeps_the_order_of_equals_and_finds_moves_and_removes_items()
    {
        var queue = new SimplePriorityQueue<string, double>();
        Assert.That(queue.TryFirst(out _), Is.False);
        Assert.Throws<InvalidOperationException>(() => _ = queue.Peek);
        queue.Enqueue("b1", 2);
        queue.Enqueue("a", 1);
        queue.Enqueue("b2", 2);
        queue.Enqueue("gone", 0);
        Assert.That((queue.First, queue.Peek, queue.GetPriority("b2")), Is.EqualTo(("gone", 0.0, 2.0)));
        queue.Remove("gone");
        Assert.Throws<InvalidOperationException>(() => queue.Remove("gone"));
        Assert.That((queue.EnqueueWithoutDuplicates("a", 9), queue.TryUpdatePriority("gone", 1), queue.TryGetPriority("gone", out _)), Is.EqualTo((false, false, false)));
        Assert.That(queue, Is.EqualTo(new[] { "a", "b1", "b2" }));
        queue.UpdatePriority("b1", 0);
        queue.UpdatePriority("b1", 2);
        Assert.That(queue.IsValidQueue());
        Assert.That(Enumerable.Range(0, 3).Select(_ => queue.Dequeue()), Is.EqualTo(new[] { "a", "b1", "b2" }), "insertion decides among equals, not the move");
        Assert.That((queue.Count, queue.TryDequeue(out _)), Is.EqualTo((0, false)));
    }

    [Test]
    public void A_queue_of_items_grows_and_of_equal_items_takes_the_oldest_out()
    {
        var queue = new SimplePriorityQueue<int, int>((a, b) => b.CompareTo(a));
        for (var i = 0; i < 100; i++) queue.Enqueue(i, i);
        queue.Enqueue(50, -1);
        Assert.That(queue.TryRemove(50));
        Assert.That(queue, Is.EqualTo(Enumerable.Range(0, 100).Reverse().Where(i => i != 50).Append(50)));
        var own = new SimplePriorityQueue<int>((a, b) => b.CompareTo(a));
        foreach (var i in (int[])[1, 3, 2]) own.Enqueue(i);
        Assert.That(own, Is.EqualTo(new[] { 3, 2, 1 }));
    }

    static IEnumerable<Node> Drain(GenericPriorityQueue<Node, int> queue)
    {
        while (queue.Count > 0) yield return queue.Dequeue();
    }

    sealed class Node : GenericPriorityQueueNode<int>;

    sealed class Job(int weight) : GenericPriorityQueueNode
    {
        public int Weight { get; set; } = weight;
    }
}
