using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests.Models;

/// <summary>One step of a random run; what the two numbers mean depends on the kind.</summary>
readonly record struct Operation<TKind>(TKind Kind, int Which, int Amount)
{
    public override string ToString() => $"{Kind} {Which} {Amount}";
}

/// <summary>The engine and a naive model of it, to which the same operations are applied.</summary>
interface ITwins<TKind>
{
    void Apply(Operation<TKind> operation);

    /// <summary>Processes what is pending.</summary>
    void RunDry();

    /// <summary>All that can be seen of the engine.</summary>
    string Seen();

    /// <summary>What should be seen by the model.</summary>
    string Expected();
}

static class Comparison
{
    /// <summary>Short random runs, compared after each operation.</summary>
    public static void AfterEach<TKind>(Func<ITwins<TKind>> create, TKind[] kinds)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var operations = Random(seed, kinds, count: 60);
            if (Difference(create, operations) is null) continue;
            var few = Shrink(operations, shorter => Difference(create, shorter) is not null);
            Assert.Fail($"seed {seed}: {string.Join("; ", few)}\n{Difference(create, few)}");
        }
    }

    /// <summary>Thousands of operations, so that thousands of events and waiters are pending at one time; compared at the end.</summary>
    public static void AtTheEndOfMany<TKind>(Func<ITwins<TKind>> create, TKind[] kinds)
    {
        for (var seed = 0; seed < 2; seed++)
        {
            var twins = create();
            foreach (var operation in Random(seed, kinds, count: 5000)) twins.Apply(operation);
            twins.RunDry();
            Assert.That(twins.Seen(), Is.EqualTo(twins.Expected()), $"seed {seed}");
        }
    }

    /// <summary>Leaves out what the failure does not need.</summary>
    public static List<T> Shrink<T>(IReadOnlyList<T> operations, Predicate<List<T>> fails)
    {
        List<T> few = [.. operations];
        for (var i = few.Count - 1; i >= 0; i--)
        {
            List<T> fewer = [.. few];
            fewer.RemoveAt(i);
            // Again from the end: what was needed for the operation left out is needed no more.
            if (fails(fewer)) (few, i) = (fewer, fewer.Count);
        }
        return few;
    }

    static Operation<TKind>[] Random<TKind>(int seed, TKind[] kinds, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Operation<TKind>(kinds[random.Next(kinds.Length)], random.Next(10_000), random.Next(6)))];
    }

    static string? Difference<TKind>(Func<ITwins<TKind>> create, IReadOnlyList<Operation<TKind>> operations)
    {
        var twins = create();
        foreach (var operation in operations)
        {
            try
            {
                twins.Apply(operation);
            }
            catch (Exception failure)
            {
                return $"{operation} throws {failure}";
            }
            var (expected, seen) = (twins.Expected(), twins.Seen());
            if (expected != seen) return $"after {operation} expected\n{expected}\nbut saw\n{seen}";
        }
        return null;
    }

    public static string Text(IEnumerable<double> values) => string.Join(' ', values);

    public static string Text(IEnumerable<string> names) => string.Join(' ', names);

    /// <summary>Alive, triggered or processed.</summary>
    public static char Letter(Event @event) => @event.IsProcessed ? 'p' : @event.IsTriggered ? 't' : 'a';
}
