namespace UnderBridge.Sim.Hardware;

/// <summary>Which entry of a full set has to go for a new one.</summary>
public enum Replacement
{
    /// <summary>The one unused for longest: hit and fill both make an entry the most recent.</summary>
    Lru,

    /// <summary>The one filled in first: a hit changes nothing.</summary>
    Fifo,

    /// <summary>The one that a binary tree of bits over the ways points to: hit and fill both turn the bits on the way to an entry away from it.</summary>
    TreePlru,
}

/// <summary>What a level of the hierarchy holds of what the levels above it hold. docs/memtrace.md defines each to the last count.</summary>
public enum Inclusion
{
    /// <summary>Filled by a miss like the levels above, and neither keeps up with the other.</summary>
    NonInclusive,

    /// <summary>What it evicts is invalidated above.</summary>
    Inclusive,

    /// <summary>Filled by what the level above evicts; a hit moves the line up.</summary>
    Exclusive,
}
