using System.Numerics;

namespace UnderBridge.Sim.Hardware;

/// <summary>
/// Hands out page frames in a pseudo-random but reproducible order. A frame has a colour, which decides the cache sets its lines fall into at every level,
/// and which follows from seed, region name and page alone; frames of equal colour are told apart by allocation order. So no region moves the cache sets of another.
/// </summary>
sealed class PhysicalMemory
{
    // Beyond this many colours (cache sets of an odd count) the frames would lie too far apart for the tables indexed by line.
    const int MaxColours = 1 << 16;
    const int MaxFrames = 1 << 24;

    readonly int seed;
    readonly int[] used;

    /// <summary>Colours for caches with the given numbers of sets, and lines a 4 KB frame.</summary>
    public PhysicalMemory(int seed, int linesPerFrame, params ReadOnlySpan<int> cacheSets)
    {
        this.seed = seed;
        long colours = PageSize.Large.Frames();
        foreach (var sets in cacheSets)
        {
            long period = sets / (int)BigInteger.GreatestCommonDivisor(sets, linesPerFrame);
            colours *= period / (long)BigInteger.GreatestCommonDivisor(colours, period);
            if (colours > MaxColours) colours = MaxColours;
        }
        used = new int[colours];
        used[0] = 1; // Frame 0 stays unused: line 0 would read as an empty way.
    }

    public int Colours => used.Length;

    /// <summary>The first frame of each page of a region; a larger page is frames in a row, aligned.</summary>
    public int[] Allocate(string region, int pages, PageSize size)
    {
        var frames = new int[pages];
        var hash = StableHash.Of(seed, region);
        var width = size.Frames();
        for (var page = 0; page < pages; page++)
        {
            if (width > Colours)
            {
                frames[page] = TakeRows(width);
                continue;
            }
            var colour = width * StableHash.Below(StableHash.Mix(hash + (ulong)page), Colours / width);
            frames[page] = Take(colour, width);
        }
        return frames;
    }

    // A page of 1 GB has frames of every colour: it starts above all that is used, aligned to its size.
    int TakeRows(int width)
    {
        var start = ((long)Colours * used.Max() + width - 1) / width * width;
        if (start + width > MaxFrames) throw new InvalidOperationException("Physical memory is exhausted.");
        used.AsSpan().Fill((int)((start + width + Colours - 1) / Colours));
        return (int)start;
    }

    int Take(int colour, int width)
    {
        var row = 0;
        foreach (var count in used.AsSpan(colour, width)) row = Math.Max(row, count);
        used.AsSpan(colour, width).Fill(row + 1);
        var frame = colour + (long)Colours * row;
        if (frame + width > MaxFrames) throw new InvalidOperationException("Physical memory is exhausted.");
        return (int)frame;
    }
}
