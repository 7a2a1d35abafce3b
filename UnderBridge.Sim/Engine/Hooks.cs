namespace UnderBridge.Sim.Engine;

/// <summary>The queues of events that tell of the state of a resource or store.</summary>
static class Hooks
{
    internal static Event Add(this List<Event> queue, Simulation environment)
    {
        var hook = new Event(environment);
        queue.Add(hook);
        return hook;
    }

    internal static void SucceedAll(this List<Event> queue)
    {
        if (queue.Count == 0) return;
        foreach (var hook in queue) hook.Succeed();
        queue.Clear();
    }

    /// <summary>Takes one item out of a queue and leaves the order of the others.</summary>
    internal static bool Remove<T>(this Queue<T> queue, T item)
        where T : class
    {
        var found = false;
        for (var left = queue.Count; left > 0; left--)
        {
            var next = queue.Dequeue();
            if (next == item) found = true;
            else queue.Enqueue(next);
        }
        return found;
    }
}
