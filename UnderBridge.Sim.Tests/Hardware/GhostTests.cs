using CsCheck;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

/// <summary>Ghosts that share sets with the caches they haunt, beside ghosts that keep everything by themselves.</summary>
public class GhostTests
{
    const int Owners = 3;
    const Access Read = Access.Read;

    static readonly Gen<(int Kind, int Who, int Line, int Count)[]> Operations =
        Gen.Select(Gen.Int[0, 39], Gen.Int[1, Owners], Gen.Int[1, 120], Gen.Int[1, 12]).Array[1, 300];

    static readonly Gen<(int Who, int[] Lines)[]> Batches = Gen.Select(Gen.Int[1, Owners], Gen.Int[1, 120].Array[1, ReferenceBatch.Room]).Array[1, 12];

    static readonly Gen<Shape> Shapes = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 17], Gen.Int[1, 20], Gen.Enum<Replacement>(), Gen.Enum<Inclusion>(), Gen.Int[0, 3])
        .Select((sets, first, second, third, replacement, inclusion, rare) => new Shape(sets, first, second, third, rare > 0 ? Replacement.Lru : replacement, rare > 1 ? Inclusion.NonInclusive : inclusion));

    [Test]
    public void Levels_misses_and_who_is_to_blame_are_those_of_ghosts_that_share_nothing() =>
        Gen.Select(Shapes, Operations).Sample((shape, operations) =>
        {
            var (shared, apart) = (new Haunted(shape, shares: true), new Haunted(shape, shares: false));
            return operations.All(o => shared.Do(o).SequenceEqual(apart.Do(o))) && shared.Counts.SequenceEqual(apart.Counts) && shared.Held.SequenceEqual(apart.Held);
        }, iter: 3000);

    [Test]
    public void References_that_go_down_together_end_leave_and_count_what_they_do_one_by_one() =>
        Gen.Select(Shapes, Batches).Sample((shape, batches) =>
        {
            var (together, oneByOne) = (new Haunted(shape, shares: true), new Haunted(shape, shares: true));
            return batches.All(batch => together.Together(batch.Who, batch.Lines).SequenceEqual(batch.Lines.SelectMany(line => oneByOne.Access(batch.Who, line))))
                && together.Counts.SequenceEqual(oneByOne.Counts) && together.Held.SequenceEqual(oneByOne.Held);
        }, iter: 2000);

    [Test]
    public void A_run_of_hits_that_is_taken_at_once_leaves_and_counts_what_accesses_one_by_one_do() =>
        Gen.Select(Shapes, Operations).Sample((shape, operations) =>
        {
            var (runs, oneByOne) = (new Haunted(shape, shares: true), new Haunted(shape, shares: true));
            return operations.All(o => runs.Run(o.Who, o.Line, o.Count).SequenceEqual(Enumerable.Range(o.Line, o.Count).SelectMany(line => oneByOne.Access(o.Who, line))))
                && runs.Counts.SequenceEqual(oneByOne.Counts) && runs.Held.SequenceEqual(oneByOne.Held);
        }, iter: 1000);

    [Test]
    public void A_run_ends_at_the_first_line_that_the_cache_or_the_ghost_does_not_hold()
    {
        var haunted = new Haunted(new Shape(4, 2, 2, 2, Replacement.Lru, Inclusion.NonInclusive), shares: true);
        foreach (var line in new[] { 6, 7, 8, 10 }) haunted.Access(1, line);
        Assert.That(haunted.SkipHits(1, 6, 5), Is.EqualTo(3), "9 is missing");
        Assert.That(haunted.SkipHits(2, 6, 5), Is.Zero, "nothing was in the other owner's ghost");
        Assert.That(haunted.Counts.First(), Is.EqualTo((7, 4)), "and what ends a run is not looked up yet");
    }

    sealed record Shape(int Sets, int First, int Second, int Third, Replacement Replacement, Inclusion Inclusion)
    {
        public CacheHierarchy New(bool tracked) =>
            new([], [Level("first", Sets, First, tracked)], [Level("second", 2 * Sets, Second, tracked), Level("third", (3 * Sets) + 1, Third, tracked, Inclusion)]);

        Cache Level(string name, int sets, int ways, bool tracked, Inclusion inclusion = Inclusion.NonInclusive) =>
            new(name, sets, ways, tracked ? new Culprits(sets) : null, Replacement == Replacement.TreePlru && !int.IsPow2(ways) ? Replacement.Fifo : Replacement) { Inclusion = inclusion };
    }

    sealed class Haunted
    {
        readonly CacheHierarchy caches;
        readonly CacheHierarchy[] ghosts;
        readonly ReferenceBatch batch = new(levels: 3);
        readonly bool shares;

        const int Tables = 200;

        public Haunted(Shape shape, bool shares)
        {
            this.shares = shares;
            caches = shape.New(tracked: true);
            ghosts = [.. Enumerable.Range(0, Owners + 1).Select(_ => shape.New(tracked: false))];
            for (var who = 1; shares && who <= Owners; who++) caches.AddGhost(ghosts[who], who);
        }

        public IEnumerable<(long, long)> Counts => Levels.Select(cache => (cache.Accesses, cache.Misses));

        public IEnumerable<bool> Held => ghosts.Skip(1).Prepend(caches).SelectMany(hierarchy => hierarchy.Unified.Prepend(hierarchy.Data))
            .SelectMany(cache => Enumerable.Range(1, 320).Select(line => cache.Contains(line, line)));

        /// <summary>What it tells its owner: levels, and whom the core would blame for what the ghost would still have had.</summary>
        public IEnumerable<int> Do((int Kind, int Who, int Line, int Count) o)
        {
            switch (o.Kind)
            {
                case 0: return [Level(o.Line).Remove(o.Line, o.Line, o.Who) ? 1 : 0];
                case 1: return [Level(o.Line).Drop(3, o.Line & 3, o.Who)];
                case 2: return [Level(o.Line).Keep(4, o.Line & 4, o.Who)];
                case 3: return [ghosts[o.Who].Data.Remove(o.Line, o.Line, 0) ? 1 : 0];
                // Page tables are read for each by itself.
                case 4: return [caches.Access(o.Line + Tables, Read, o.Who)];
                case 5: return [ghosts[o.Who].Access(o.Line + Tables, Read)];
            }
            return Access(o.Who, o.Line);
        }

        public IEnumerable<int> Access(int who, int line) => shares ? Together(who, line) : Apart(who, line);

        /// <summary>Of each line: where it ended, and whom to blame.</summary>
        public IEnumerable<int> Together(int who, params int[] lines)
        {
            batch.Begin();
            lines.CopyTo(batch.Add(lines.Length));
            caches.Access(batch, Read, who);
            var misses = Enumerable.Range(0, batch.Misses).ToDictionary(batch.Index);
            return [.. lines.SelectMany((_, n) => misses.TryGetValue(n, out var miss) ? Found(batch.Level(miss), batch.LevelAlone(miss), lost => batch.Culprit(lost, miss)) : [0, 0])];
        }

        public int SkipHits(int who, int line, int count) => caches.SkipHits(line, count, Read, who);

        /// <summary>As cores touch the lines of a page.</summary>
        public IEnumerable<int> Run(int who, int line, int count)
        {
            var held = SkipHits(who, line, count);
            return [.. Enumerable.Repeat(0, 2 * held), .. Together(who, [.. Enumerable.Range(line + held, count - held)])];
        }

        List<int> Apart(int who, int line) => Found(caches.Access(line, Read, who), ghosts[who].Access(line, Read), lost => Levels[lost].Culprit(line, line, who));

        static List<int> Found(int level, int alone, Func<int, int> culprit) => [level, alone, .. Enumerable.Range(alone, Math.Max(0, level - alone)).Select(culprit)];

        List<Cache> Levels => [caches.Data, .. caches.Unified];

        Cache Level(int line) => line % 3 == 0 ? caches.Data : caches.Unified[line % 3 - 1];
    }
}
