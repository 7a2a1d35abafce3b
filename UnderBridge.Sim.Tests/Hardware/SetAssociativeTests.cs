using CsCheck;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class SetAssociativeTests
{
    static readonly Gen<(int Kind, int Set, int Tag)> Operation = Gen.Select(Gen.Int[0, 19], Gen.Int[0, 2], Gen.Int[1, 24]);
    static readonly Gen<(int Kind, int Set, int Tag)[]> Operations = Operation.Array[0, 400];

    [TestCase(true)]
    [TestCase(false)]
    public void Any_sequence_of_operations_agrees_with_a_list_kept_by_hand(bool vectorize) =>
        Gen.Select(Gen.Int[1, 16], Operations).Sample((ways, operations) => AssertAgrees(new LruSets(3, ways, vectorize), operations));

    [Test]
    public void More_ways_than_two_vectors_hold_agree_with_a_list_kept_by_hand() =>
        Gen.Select(Gen.Int[17, 20], Operations).Sample((ways, operations) => AssertAgrees(new LruSets(3, ways), operations));

    [Test]
    public void The_vector_and_the_scalar_path_agree_on_every_hit_and_eviction() =>
        Gen.Select(Gen.Int[1, 16], Operations).Sample((ways, operations) =>
        {
            var (vector, scalar) = (new LruSets(3, ways, true), new LruSets(3, ways, false));
            return operations.All(o => vector.Access(o.Set, o.Tag) == scalar.Access(o.Set, o.Tag));
        });

    [Test]
    public void A_full_set_evicts_the_way_unused_for_longest()
    {
        var entries = new LruSets(1, 2);
        Assert.That(new[] { 7, 8, 7, 9 }.Select(tag => entries.Access(0, tag)), Is.EqualTo(new[] { 0, 0, SetAssociative.Held, 8 }));
    }

    [Test]
    public void An_empty_way_is_used_before_the_oldest_entry_goes()
    {
        var entries = new LruSets(1, 3);
        foreach (var tag in new[] { 1, 2, 3 }) entries.Access(0, tag);
        Assert.That(entries.Remove(0, 2), Is.True);
        Assert.That(entries.Access(0, 4), Is.Zero);
        Assert.That(entries.Access(0, 5), Is.EqualTo(1));
    }

    static bool AssertAgrees(SetAssociative entries, (int Kind, int Set, int Tag)[] operations)
    {
        var oracle = Enumerable.Range(0, entries.Sets).Select(_ => new List<int>()).ToArray();
        return operations.All(o => Agrees(entries, oracle, o.Kind, o.Set, o.Tag));
    }

    static bool Agrees(SetAssociative entries, List<int>[] oracle, int kind, int set, int tag)
    {
        var list = oracle[set];
        switch (kind)
        {
            case 0:
                return entries.Remove(set, tag) == list.Remove(tag);
            case 1:
                var dropped = new int[entries.Sets * entries.Ways];
                var gone = oracle.SelectMany(row => row.Where(t => (t & 4) != 4)).ToArray();
                foreach (var row in oracle) row.RemoveAll(t => (t & 4) != 4);
                return entries.Keep(4, 4, dropped) == gone.Length && dropped.Take(gone.Length).SequenceEqual(gone);
            case 2:
                return entries.Contains(set, tag) == list.Contains(tag);
        }
        var hit = list.Remove(tag);
        list.Insert(0, tag);
        var oldest = 0;
        if (list.Count > entries.Ways)
        {
            oldest = list[^1];
            list.RemoveAt(list.Count - 1);
        }
        return entries.Access(set, tag) == (hit ? SetAssociative.Held : oldest);
    }
}
