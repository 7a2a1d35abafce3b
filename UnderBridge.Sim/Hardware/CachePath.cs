using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UnderBridge.Sim.Hardware;

/// <summary>Levels that are looked up one after the other as long as they miss; a miss fills all that were looked up.</summary>
sealed class CachePath(Cache[] levels)
{
    readonly Cache[] levels = levels;
    readonly Cache[] between = levels.Length < 2 ? [] : levels[1..^1];
    readonly Cache? last = levels.Length < 2 ? null : levels[^1];
    readonly ByOwner<CachePath> ghosts = new();

    // Of levels that all have ghosts.
    Cache? first;

    /// <summary>From now on, <paramref name="ghost"/> is what the accesses of an owner alone would have left.</summary>
    public void AddGhost(CachePath ghost, int who)
    {
        ghosts[who] = ghost;
        for (var level = 0; level < levels.Length; level++) levels[level].AddGhost(ghost.levels[level], who);
        if (levels is [{ IsOneVector: true }, ..] && levels.All(cache => cache.HasGhosts)) first = levels[0];
    }

    /// <summary>The level that holds an entry; one more than the last level when none does.</summary>
    public int Access(int number, int tag, int by) => Access(0, number, tag, by);

    /// <summary>The same for an owner that has a ghost here; <paramref name="alone"/> is the level that holds the entry there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Access(int number, int tag, int who, out int alone)
    {
        if (first is not { } own || !own.IsOwn(number, who, out var set)) return AccessEach(0, number, tag, who, out alone);
        alone = 0;
        return own.LookupOne(set, Vector256.Create(tag)) ? 0 : AccessBelow(number, tag, who, out alone);
    }

    /// <summary>Accesses what follows one another as long as the first levels of both hold it, or not so long; returns how much they held.</summary>
    public int AccessRun(int number, int count, int who) => first is { } own ? own.AccessRun(number, count, who) : 0;

    // A method of its own, so that the levels are always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    int AccessBelow(int number, int tag, int who, out int alone)
    {
        var level = 1;
        var wanted = Vector256.Create(tag);
        foreach (var cache in between)
        {
            if (!cache.IsOwn(number, who, out var set)) return AccessEach(level, number, tag, who, out alone);
            if (cache.LookupOwn(set, wanted) == 0) return alone = level;
            level++;
        }
        if (last is not { } end) return alone = level;
        if (!end.IsOwn(number, who, out var lastSet)) return AccessEach(level, number, tag, who, out alone);
        // Whether the last level holds an entry is hard to foretell, so nothing branches on it.
        return alone = level + end.LookupOwn(lastSet, wanted);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int AccessEach(int level, int number, int tag, int who, out int alone)
    {
        if (level == 0 && first is { } own && own.TryHitBoth(number, tag, who)) return alone = 0;
        var ghost = ghosts[who]!;
        for (; level < levels.Length; level++)
        {
            var found = levels[level].Lookup(ghost.levels[level], number, tag, who);
            if (found == 0) continue;
            alone = (found & Cache.InGhost) != 0 ? level : ghost.Access(level + 1, number, tag, by: 0);
            return (found & Cache.Here) != 0 ? level : Access(level + 1, number, tag, who);
        }
        return alone = level;
    }

    int Access(int level, int number, int tag, int by)
    {
        while (level < levels.Length && !levels[level].Lookup(number, tag, by)) level++;
        return level;
    }
}
