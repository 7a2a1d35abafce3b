using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

public class TracedMemoryTests
{
    const int Traces = 4000, References = 250;

    // Some tags in high bits, as PCIDs or KPTI views of a translation: all 64 bits of an address tell it from others.
    static readonly ulong[] tags = [0, 0, 1UL << 63, 1UL << 47, 0xFFFF_8000_0000_0000, 1UL << 32, 7UL << 48];

    [Test]
    public void Random_traces_through_random_hierarchies_agree_with_the_naive_model_to_the_last_count()
    {
        for (var seed = 1; seed <= Traces; seed++) AssertAgrees(seed);
    }

    [Test]
    public void Addresses_that_differ_in_the_highest_bit_are_different_blocks()
    {
        var memory = new TracedMemory(new MemoryGeometry([new LevelGeometry("L1", Side.Unified, 1, 2, 64)], []));
        foreach (var address in new ulong[] { 0, 1UL << 63, 1UL << 31, 1UL << 32 }) memory.Access(address, Access.Read);
        Assert.That(memory.Levels[0].Misses, Is.EqualTo(4));
    }

    [TestCase(48)]
    [TestCase(38)]
    public void Many_tags_in_high_bits_make_as_many_blocks_however_their_ids_are_stored(int shift)
    {
        const ulong count = 1000;
        var memory = Caches(new LevelGeometry("L1", Side.Data, 1, (int)count, 64));
        for (var pass = 0; pass < 2; pass++)
            for (var tag = 0UL; tag < count; tag++) memory.Access(tag << shift, Access.Read);
        Assert.That((memory.Levels[0].Misses, memory.Levels[0].Hits), Is.EqualTo((count, count)));
    }

    [Test]
    public void A_write_is_dirty_in_the_first_level_and_counts_below_once_the_line_leaves_there_too()
    {
        var memory = Caches(new("L1", Side.Data, 1, 1, 64), new("L2", Side.Unified, 1, 2, 64));
        memory.Access(0, Access.Write);
        memory.Access(64, Access.Read);
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 0 }), "line 0 left L1, and L2 holds it");
        memory.Access(128, Access.Read);
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 1 }), "line 0 left L2");
        Assert.That(memory.Levels.Select(level => level.Accesses), Is.EqualTo(new[] { 3, 3 }), "write-backs are no accesses");
    }

    // The highest bit of a block's number is set only where a block is a byte.
    [Test]
    public void A_dirty_byte_at_the_top_of_the_address_space_is_written_back_to_the_set_that_it_came_from()
    {
        var memory = Caches(new("L1", Side.Data, 1, 1, 1), new("L2", Side.Unified, 31, 2, 2));
        memory.Access(0xa960_0000_0000_0071, Access.Write);
        memory.Flush();
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 1 }));
    }

    [Test]
    public void A_line_still_dirty_at_the_end_counts_nowhere()
    {
        var memory = Caches(new LevelGeometry("L1", Side.Data, 4, 2, 64));
        for (var line = 0UL; line < 8; line++) memory.Access(64 * line, Access.Write);
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 0 }));
        memory.Access(64 * 8, Access.Read);
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_flush_empties_every_level_and_writes_back_what_is_dirty_from_the_top_down()
    {
        var memory = Caches(new("L1", Side.Data, 2, 2, 64), new("L2", Side.Unified, 4, 2, 64));
        memory.Access(0, Access.Write);
        memory.Access(64, Access.Read);
        memory.Flush();
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 1 }), "through L2 to memory");
        memory.Access(0, Access.Read);
        memory.Access(64, Access.Read);
        memory.Flush();
        Assert.That(memory.Levels.Select(level => level.Misses), Is.EqualTo(new[] { 4, 4 }));
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 1 }), "what was read again is clean");
    }

    [Test]
    public void A_FIFO_evicts_the_first_in_however_often_it_was_hit()
    {
        var memory = Caches(new LevelGeometry("L1", Side.Data, 1, 2, 64) { Replacement = Replacement.Fifo });
        foreach (var line in new ulong[] { 0, 1, 0, 0, 2, 0 }) memory.Access(64 * line, Access.Read);
        Assert.That(memory.Levels[0].Hits, Is.EqualTo(2), "line 2 took the place of line 0");
    }

    [Test]
    public void A_tree_evicts_from_the_half_not_touched_last()
    {
        var memory = Caches(new LevelGeometry("L1", Side.Data, 1, 4, 64) { Replacement = Replacement.TreePlru });
        // After 0 1 2 3 0 the tree points to way 2, where true LRU would take way 1.
        foreach (var line in new ulong[] { 0, 1, 2, 3, 0, 4, 1, 2 }) memory.Access(64 * line, Access.Read);
        Assert.That(memory.Levels[0].Hits, Is.EqualTo(2), "0 and 1 hit, 2 had to go for 4");
    }

    [Test]
    public void An_inclusive_level_takes_what_it_evicts_from_the_levels_above()
    {
        var memory = Caches(new("L1", Side.Data, 1, 4, 64), new("L2", Side.Unified, 1, 2, 64) { Inclusion = Inclusion.Inclusive });
        foreach (var line in new ulong[] { 0, 1, 2 }) memory.Access(64 * line, line == 0 ? Access.Write : Access.Read);
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 1, 1 }), "the dirty copy leaves L1 into the victim of L2");
        memory.Access(0, Access.Read);
        Assert.That(memory.Levels[0].Hits, Is.Zero);
    }

    [Test]
    public void An_exclusive_level_holds_what_the_level_above_evicted_and_gives_it_back_dirty()
    {
        var memory = Caches(new("L1", Side.Data, 1, 1, 64), new("L2", Side.Unified, 1, 2, 64) { Inclusion = Inclusion.Exclusive });
        memory.Access(0, Access.Write);
        memory.Access(64, Access.Read);
        memory.Access(0, Access.Read);
        Assert.That((memory.Levels[1].Accesses, memory.Levels[1].Hits), Is.EqualTo((3, 1)));
        memory.Access(64, Access.Read);
        Assert.That(memory.Levels[1].Hits, Is.EqualTo(2), "they changed places");
        Assert.That(Dirty(memory), Is.EqualTo(new[] { 2, 0 }), "line 0 left L1 dirty twice; moving up is no eviction");
    }

    [Test]
    public void An_eviction_from_a_shared_inclusive_level_reaches_the_caches_of_the_other_core()
    {
        const int first = 1, second = 2;
        var shared = new Cache("L2", 1, 2, new Culprits(1)) { Inclusion = Inclusion.Inclusive };
        CacheHierarchy Core() => new(new Cache("L1I", 1, 4, new Culprits(1)), new Cache("L1D", 1, 4, new Culprits(1)), shared);
        var (one, other) = (Core(), Core());
        one.Access(11, Access.Read, first);
        other.Access(12, Access.Read, second);
        other.Access(13, Access.Fetch, second);
        Assert.That(one.Data.Contains(11, 11), Is.False);
        Assert.That(one.Data.Culprit(11, 11, first), Is.EqualTo(second));
    }

    [Test]
    public void Tree_PLRU_needs_a_power_of_two_of_ways() =>
        Assert.That(() => new Cache("L1", 4, 12, null, Replacement.TreePlru), Throws.ArgumentException.With.Message.Contains("power of two"));

    [Test]
    public void Blocks_seen_before_are_played_without_allocating()
    {
        var memory = new TracedMemory(RandomGeometry(new Random(3), levels: 3));
        void Play()
        {
            for (var n = 0; n < 20_000; n++) memory.Access((ulong)(n * 7919 % 4096) << 4, (Access)(n % 3));
            memory.Flush();
        }
        Assert.That(Allocated.Least(Play), Is.Zero);
    }

    static void AssertAgrees(int seed)
    {
        var random = new Random(seed);
        var geometry = RandomGeometry(random, levels: random.Next(1, 5));
        var (memory, naive) = (new TracedMemory(geometry), new NaiveMemory(geometry));
        var spread = 1 << random.Next(6, 13);
        for (var n = 0; n < References; n++)
        {
            if (random.Next(60) == 0)
            {
                memory.Flush();
                naive.Flush();
                continue;
            }
            var address = tags[random.Next(tags.Length)] + (ulong)random.Next(spread);
            var access = (Access)random.Next(3);
            memory.Access(address, access);
            naive.Access(address, access);
        }
        var counts = memory.Levels.Select(level => (level.Name, level.Accesses, level.Hits, level.Misses, level.DirtyEvictions));
        var expected = naive.Levels.Select(level => (level.Geometry.Name, level.Accesses, level.Accesses - level.Misses, level.Misses, level.DirtyEvictions));
        Assert.That(counts, Is.EqualTo(expected), () => $"seed {seed}: {string.Join("; ", geometry.Caches.Concat(geometry.Tlbs))}");
    }

    static MemoryGeometry RandomGeometry(Random random, int levels) => new(RandomLevels(random, "cache", levels, 16), RandomLevels(random, "tlb", random.Next(3), 256));

    static List<LevelGeometry> RandomLevels(Random random, string name, int count, int block)
    {
        var levels = new List<LevelGeometry>();
        var unified = random.Next(count + 1);
        for (var i = 0; i < count; i++)
        {
            var side = i >= unified ? Side.Unified : (Side)random.Next(2);
            if (random.Next(5) == 0) block *= 2;
            var replacement = (Replacement)random.Next(3);
            var ways = replacement == Replacement.TreePlru ? 1 << random.Next(5) : random.Next(1, random.Next(3) == 0 ? 20 : 7);
            var level = new LevelGeometry($"{name}{i}", side, random.Next(1, 9), ways, block) { Replacement = replacement };
            var above = levels.Where(other => side == Side.Unified || other.Side == side).ToList();
            var inclusion = (Inclusion)random.Next(3);
            if (above.Count > 0 && (inclusion != Inclusion.Exclusive || above.All(other => other.BlockBytes == block))) level = level with { Inclusion = inclusion };
            levels.Add(level);
        }
        Assert.That(MemoryGeometry.Faults(levels), Is.Empty);
        return levels;
    }

    static TracedMemory Caches(params LevelGeometry[] levels) => new(new MemoryGeometry(levels, []));

    static IEnumerable<long> Dirty(TracedMemory memory) => memory.Levels.Select(level => level.DirtyEvictions);
}
