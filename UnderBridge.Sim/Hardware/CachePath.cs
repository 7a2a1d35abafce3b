using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UnderBridge.Sim.Hardware;

/// <summary>Levels that are looked up one after the other as long as they miss; a miss fills all that were looked up.</summary>
sealed class CachePath(Cache[] levels)
{
    readonly Cache[] levels = levels;
    // Of levels that all have ghosts.
    Cache? first;

    /// <summary>From now on, <paramref name="ghost"/> is that of an owner.</summary>
    public void AddGhost(CachePath ghost, int who)
    {
        for (var level = 0; level < levels.Length; level++) levels[level].AddGhost(ghost.levels[level], who);
        if (levels is [{ IsOneVector: true }, ..] && levels.All(cache => cache.HasGhosts)) first = levels[0];
    }

    /// <summary>The level that holds an entry; one more than the last level when none does.</summary>
    public int Access(int number, int tag, int by) => Access(0, number, tag, by);

    /// <summary>The same; <paramref name="alone"/> is the level that holds it on the path of a ghost of <paramref name="who"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Access(CachePath ghost, int number, int tag, int who, out int alone)
    {
        if (first is not { } own || !own.IsOwn(number, who, out var set)) return AccessEach(ghost, 0, number, tag, who, out alone);
        alone = 0;
        return own.LookupOne(set, Vector256.Create(tag)) ? 0 : AccessBelow(ghost, number, tag, who, out alone);
    }

    /// <summary>An access to what the first levels of both had last of all in its set: false leaves all as it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool AccessLast(CachePath ghost, int number, int tag, int who) => first is { } own && own.AccessLast(ghost.levels[0], number, tag, who);

    /// <summary>Accesses what follows one another as long as the first levels of both hold it, or not so long; returns how much they held.</summary>
    public int AccessRun(CachePath ghost, int number, int count, int who) => first is { } own ? own.AccessRun(ghost.levels[0], number, count, who) : 0;

    // A method of its own, so that the levels are always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    int AccessBelow(CachePath ghost, int number, int tag, int who, out int alone)
    {
        var wanted = Vector256.Create(tag);
        var all = levels;
        var level = 1;
        int set;
        for (; level < all.Length - 1; level++)
        {
            if (!all[level].IsOwn(number, who, out set)) return AccessEach(ghost, level, number, tag, who, out alone);
            if (all[level].LookupOwn(set, wanted) != 0) return alone = level;
            all[level].Missed(1);
        }
        if (level == all.Length) return alone = level;
        if (!all[level].IsOwn(number, who, out set)) return AccessEach(ghost, level, number, tag, who, out alone);
        // Whether the last level holds an entry is hard to foretell, so nothing branches on it.
        var missed = all[level].LookupOwn(set, wanted) == 0 ? 1 : 0;
        all[level].Missed(missed);
        return alone = level + missed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int AccessEach(CachePath ghost, int level, int number, int tag, int who, out int alone)
    {
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
