using System.Runtime.CompilerServices;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// A cache of lines, or of translations (a TLB is one). A <em>number</em> (line or page) selects the set, modulo any count of sets; a positive
/// <em>tag</em> identifies the entry.
/// </summary>
sealed partial class Cache
{
    readonly SetAssociative entries;
    readonly bool isLru;
    readonly LruRows rows;
    readonly Culprits? culprits;
    readonly List<Cache> above = [];
    readonly SetIndex index;
    readonly ByOwner<Cache> ghosts = new();
    Cache? ghostOf;
    int owner;
    SetOwners owners;
    ulong[]? dirty;
    int[] dropped = [];
    long accesses;
    long misses;
    long changes;

    /// <summary>With <paramref name="culprits"/>, the cache remembers who pushed each entry out.</summary>
    /// <exception cref="ArgumentException">The policy does not work for so many ways.</exception>
    public Cache(string name, int sets, int ways, Culprits? culprits = null, Replacement replacement = Replacement.Lru)
    {
        Name = name;
        entries = SetAssociative.Of(sets, ways, replacement);
        if (entries is LruSets lru) (isLru, rows) = (true, lru.Rows);
        index = new SetIndex(sets);
        this.culprits = culprits;
    }

    public string Name { get; }

    /// <summary>How it goes with the levels above it in a <see cref="CacheHierarchy"/>.</summary>
    public Inclusion Inclusion { get; init; }

    /// <summary>Remembers which lines were written (write-back, write-allocate) and counts <see cref="DirtyEvictions"/>.</summary>
    public bool WriteBack { get => dirty is not null; init => dirty = value ? new ulong[16] : null; }

    /// <summary>One of its blocks is 2^this lines of the hierarchy.</summary>
    public int BlockShift { get; init; }

    public long Accesses => Looked().accesses;
    public long Misses => Looked().misses;
    public long Hits => Accesses - misses;

    /// <summary>Entries that left while dirty, but for those that moved up from an exclusive level.</summary>
    public long DirtyEvictions { get; private set; }

    /// <summary>Called before somebody outside the core looks at the cache, where the core may have yet to bring it up to date.</summary>
    internal Action? BeforeLook { get; set; }

    /// <summary>Called before another core's access takes an entry away.</summary>
    internal Action? BeforeLoss { get; set; }

    /// <summary>Looks an entry up and fills it in if it is missing, on behalf of <paramref name="by"/> (see <see cref="Culprits"/>; 0 is nobody).</summary>
    public bool Access(long number, int tag, int by = 0) => Lookup(number, tag, by);

    /// <summary>What <see cref="Lookup(Cache, int, int, int)"/> found: the entry in the cache, in the ghost, in both.</summary>
    internal const int InCache = 1, InGhost = 2, InBoth = InCache | InGhost;

    /// <summary>From now on, <paramref name="ghost"/> is what the accesses of an owner alone would have left here.</summary>
    internal void AddGhost(Cache ghost, int who)
    {
        ghosts[who] = ghost;
        if (!isLru || !rows.AreVectors || culprits is null) return;
        // What was there before can not be told apart.
        if (!owners.Exist && accesses == 0) owners = new SetOwners(entries.Sets);
        if (!owners.Exist) return;
        (ghost.ghostOf, ghost.owners, ghost.owner) = (this, owners, who);
    }

    /// <summary>Looks an entry up here and in a ghost of <paramref name="who"/>, and fills it in where it is missing.</summary>
    internal int Lookup(Cache ghost, int number, int tag, int who)
    {
        var set = index.Of(number);
        if (owners.Exist && !owners.IsNobodys(set))
        {
            if (owners.IsFree(set)) owners.Give(set, who);
            if (owners.Is(set, who)) return LookupOwn(set, tag) ? InBoth : 0;
            PartNow(set);
        }
        return (LookupSet(set, tag, who) ? InCache : 0) | (ghost.LookupSet(set, tag, by: 0) ? InGhost : 0);
    }

    // What goes for an entry where the owner is alone need not be noted.
    bool LookupOwn(int set, int tag)
    {
        accesses++;
        var held = rows.ToFront(set, tag);
        if (!held) misses++;
        return held;
    }

    /// <summary>Looks an entry up and fills it in if it is missing; true when it was held.</summary>
    internal bool Lookup(long number, int tag, int by)
    {
        var set = SetOf(number);
        Part(set);
        return LookupSet(set, tag, by);
    }

    /// <summary>The same with the result of <see cref="SetAssociative.Access"/>.</summary>
    internal int Displace(long number, int tag, int by)
    {
        var set = SetOf(number);
        accesses++;
        Part(set);
        var displaced = entries.Access(set, tag);
        if (displaced == SetAssociative.Held) return displaced;
        misses++;
        culprits?.Filled(set, displaced, by);
        return displaced;
    }

    // A method of its own, so that the rows are always compiled into it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool LookupSet(int set, int tag, int by)
    {
        accesses++;
        int displaced;
        if (isLru)
        {
            displaced = rows.Oldest(set);
            if (rows.ToFront(set, tag)) return true;
        }
        else
        {
            displaced = entries.Access(set, tag);
            if (displaced == SetAssociative.Held) return true;
        }
        return Miss(set, displaced, by);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    bool Miss(int set, int displaced, int by)
    {
        misses++;
        culprits?.Filled(set, displaced, by);
        return false;
    }

    // Before something happens to a set here that does not happen to it in the ghost of its owner, or the other way round.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Part(int set)
    {
        if (owners.Exist && !owners.IsNobodys(set)) (ghostOf ?? this).PartNow(set);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    void PartNow(int set)
    {
        var owner = owners.Of(set);
        owners.Take(set);
        changes++;
        if (owner == 0) return;
        var ghost = ghosts[owner]!;
        rows[set].CopyTo(ghost.rows[set]);
        ghost.changes++;
        culprits!.NoteFiller(set, owner);
    }

    /// <summary>True when the entry is held; leaves order and counts alone.</summary>
    public bool Contains(long number, int tag) => Looked().Holds(SetOf(number), tag);

    /// <summary>Drops every entry but those with <c>(tag &amp; mask) == value</c>, and blames <paramref name="by"/> for it. Returns how many went.</summary>
    public int Keep(int mask, int value, int by) => Clean(Sweep(mask, value, keep: true, by));

    /// <summary>Drops every entry with <c>(tag &amp; mask) == value</c>, and blames <paramref name="by"/> for it. Returns how many went.</summary>
    public int Drop(int mask, int value, int by) => Clean(Sweep(mask, value, keep: false, by));

    /// <summary>Drops one entry, and blames <paramref name="by"/> for it.</summary>
    public bool Remove(long number, int tag, int by)
    {
        if (!TakeOut(SetOf(number), tag)) return false;
        changes++;
        culprits?.Flushed([tag], by);
        TakeDirt(tag);
        return true;
    }

    /// <summary>Who is to blame that <paramref name="victim"/> no longer found this entry; the victim itself when nobody else is.</summary>
    public int Culprit(long number, int tag, int victim) => Looked().Blamed(number, tag, victim);

    /// <summary>Looks an entry up and takes it out: an exclusive level hands it to the level above. Its dirt has to be asked for.</summary>
    internal bool Take(long number, int tag)
    {
        accesses++;
        if (TakeOut(SetOf(number), tag)) return true;
        misses++;
        return false;
    }

    /// <summary>Puts in what the level above evicted, which is no access; returns what had to go for it, or 0.</summary>
    internal int Insert(long number, int tag, bool isDirty, int by)
    {
        var set = SetOf(number);
        Part(set);
        var evicted = entries.Access(set, tag);
        changes++;
        if (isDirty) Soil(tag);
        if (evicted == SetAssociative.Held) return 0;
        culprits?.Filled(set, evicted, by);
        return evicted;
    }

    /// <summary>Takes a write-back from above if the entry is held, which is no access.</summary>
    internal bool WriteInto(long number, int tag)
    {
        if (dirty is null || !Holds(SetOf(number), tag)) return false;
        Soil(tag);
        return true;
    }

    /// <summary>Marks an entry that is held as written.</summary>
    internal void Soil(int tag)
    {
        if (dirty is null) return;
        var word = tag >> 6;
        if (word >= dirty.Length) Array.Resize(ref dirty, 2 * word);
        dirty[word] |= 1UL << tag;
    }

    /// <summary>Whether an entry was written; from now on it is clean.</summary>
    internal bool TakeDirt(int tag)
    {
        if (dirty is null || tag >> 6 >= dirty.Length) return false;
        ref var word = ref dirty[tag >> 6];
        var bit = 1UL << tag;
        if ((word & bit) == 0) return false;
        word &= ~bit;
        return true;
    }

    /// <summary>Ends the stay of an entry that is no longer held; true when it was dirty.</summary>
    internal bool Retire(int tag)
    {
        var isDirty = TakeDirt(tag);
        if (isDirty) DirtyEvictions++;
        return isDirty;
    }

    /// <summary>The same with its copies above, which must not outlive it; true when it was dirty here or there.</summary>
    internal bool Retire(long number, int tag, int by)
    {
        foreach (var cache in above)
            if (cache.InvalidateWithin(number, tag, BlockShift, by)) Soil(tag);
        return Retire(tag);
    }

    /// <summary>From now on, what this inclusive cache evicts is invalidated in <paramref name="upper"/>.</summary>
    internal void Include(Cache upper)
    {
        if (!above.Contains(upper)) above.Add(upper);
    }

    /// <summary>Drops every entry and returns their tags, whose dirt has to be asked for.</summary>
    internal ReadOnlySpan<int> Drain(int by) => Sweep(0, 0, keep: false, by);

    // A set that stands for that of its owner's ghost too is the ghost's as well.
    bool Holds(int set, int tag) => (ghostOf is not null && owners.Is(set, owner) ? ghostOf : this).entries.Contains(set, tag);

    bool TakeOut(int set, int tag)
    {
        if (!Holds(set, tag)) return false;
        Part(set);
        return entries.Remove(set, tag);
    }

    Span<int> Sweep(int mask, int value, bool keep, int by)
    {
        for (var set = 0; owners.Exist && (set = owners.Next(set)) >= 0;) PartNow(set);
        if (dropped.Length == 0) dropped = new int[entries.Sets * entries.Ways];
        var gone = dropped.AsSpan(0, keep ? entries.Keep(mask, value, dropped) : entries.Drop(mask, value, dropped));
        if (gone.Length != 0) changes++;
        culprits?.Flushed(gone, by);
        return gone;
    }

    int Clean(ReadOnlySpan<int> gone)
    {
        if (dirty is not null)
            foreach (var tag in gone) TakeDirt(tag);
        return gone.Length;
    }

    // The part of a larger block that an inclusive level below lost.
    bool InvalidateWithin(long number, int tag, int blockShift, int by)
    {
        BeforeLoss?.Invoke();
        var parts = blockShift - BlockShift;
        var wasDirty = false;
        for (var part = 0; part < 1 << parts; part++)
        {
            var own = tag << parts | part;
            var set = SetOf(number << parts | (long)part);
            if (!TakeOut(set, own)) continue;
            changes++;
            culprits?.Pushed(own, by);
            if (!TakeDirt(own)) continue;
            DirtyEvictions++;
            wasDirty = true;
        }
        return wasDirty;
    }

    internal (long Accesses, long Misses) Counts => (accesses, misses);

    /// <summary>Moves whenever the state may have changed.</summary>
    internal long Activity => accesses + changes;

    /// <summary>Moves whenever something may have gone on to the level below.</summary>
    internal long Passed => misses + changes;

    /// <summary><see cref="Culprit"/>, for the core itself.</summary>
    internal int Blamed(long number, int tag, int victim)
    {
        var set = SetOf(number);
        return culprits?.Of(set, tag, victim, owners.Exist ? owners.Of(set) : 0) ?? victim;
    }

    /// <summary>The same for an entry that never came in where a set was an owner's alone.</summary>
    internal int BlamedApart(long number, int tag, int victim) => culprits?.Of(SetOf(number), tag, victim, owner: 0) ?? victim;

    /// <summary>Counts accesses that were not executed.</summary>
    internal void Count(long accesses, long misses)
    {
        this.accesses += accesses;
        this.misses += misses;
    }

    internal int StateBytes
    {
        get
        {
            var bytes = 0;
            for (var part = 0; part < StateParts; part++) bytes += State(part).Length;
            return bytes;
        }
    }

    /// <summary>Copies the state, but for dirt and who removed what.</summary>
    internal void CopyState(Span<byte> saved)
    {
        for (var part = 0; part < StateParts; part++)
        {
            State(part).CopyTo(saved);
            saved = saved[State(part).Length..];
        }
    }

    /// <summary>Lets the culprits note how who removed what changes.</summary>
    internal void WatchRemovers() => culprits?.Watch();

    /// <summary>Ends what <see cref="WatchRemovers"/> began: true when who removed what is what it was.</summary>
    internal bool EndWatch() => culprits?.EndWatch() ?? true;

    /// <summary>True when the state is a saved one, but for dirt and who removed what.</summary>
    internal bool IsIn(ReadOnlySpan<byte> saved)
    {
        var same = true;
        for (var part = 0; part < StateParts && same; part++)
        {
            var now = State(part);
            same = saved[..now.Length].SequenceEqual(now);
            saved = saved[now.Length..];
        }
        return same;
    }

    const int StateParts = 5;

    ReadOnlySpan<byte> State(int part) => part switch
    {
        0 => entries.Entries,
        1 => entries.Recency,
        2 => culprits is null ? default : culprits.LastFillers,
        3 => culprits is null ? default : culprits.FillersBefore,
        _ => ghostOf is null ? owners.State : default,
    };

    Cache Looked()
    {
        BeforeLook?.Invoke();
        return this;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int SetOf(long number) => index.Of(number);
}
