using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>A piece of memory to be allocated. Names are unique within a machine and decide where it lies.</summary>
sealed record RegionSpec(string Name, Owner Owner, int Pages)
{
    public PageSize PageSize { get; init; } = PageSize.Small;

    /// <summary>Its translations survive CR3 writes.</summary>
    public bool Global { get; init; }

    /// <summary>The U/K bit: user mode may touch it, and protection keys apply to it in every ring.</summary>
    public bool UserAccessible { get; init; }

    public bool Writable { get; init; }
    public bool Executable { get; init; }

    /// <summary>Protection key, 0 to 15.</summary>
    public int Key { get; init; }

    /// <summary>Lies in the upper half of the address space, whose page tables all processes share; so do supervisor pages unless they say otherwise.</summary>
    public bool KernelHalf { get => kernelHalf ?? !UserAccessible; init => kernelHalf = value; }

    readonly bool? kernelHalf;
}

/// <summary>What a page table says of a page, and a TLB entry remembers: the U/K bit, writable, executable, protection key.</summary>
readonly record struct PageRights(bool UserAccessible, bool Writable, bool Executable, int Key);

/// <summary>
/// A virtually contiguous piece of memory of an owner, with the rights of its pages. Rights that change are those of the page table: a core that
/// holds a translation goes on with the old ones until it drops it.
/// </summary>
sealed class Region
{
    readonly Machine machine;
    readonly int linesPerFrame;
    readonly int[] frames;
    int[] translations = [];
    TablePath?[] paths = [];

    internal Region(RegionSpec spec, int[] frames, ulong hash, int linesPerFrame, Machine machine)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)spec.Key, 15u, nameof(spec));
        this.frames = frames;
        this.linesPerFrame = linesPerFrame;
        this.machine = machine;
        (Name, Owner, PageSize, Global, KernelHalf) = (spec.Name, spec.Owner, spec.PageSize, spec.Global, spec.KernelHalf);
        Rights = new PageRights(spec.UserAccessible, spec.Writable, spec.Executable, spec.Key);
        Scatter = StableHash.Below(hash, 1 << 20);
        FirstPage = PlaceIn(spec, Scatter);
        LinesPerPage = PageSize.Frames() * linesPerFrame;
    }

    public string Name { get; }
    public Owner Owner { get; }
    public PageSize PageSize { get; }
    public bool Global { get; }
    public bool KernelHalf { get; }

    /// <summary>What the page table says now.</summary>
    public PageRights Rights { get; private set; }

    public bool UserAccessible
    {
        get => Rights.UserAccessible;
        set => Change(Rights with { UserAccessible = value });
    }

    public bool Writable
    {
        get => Rights.Writable;
        set => Change(Rights with { Writable = value });
    }

    public bool Executable
    {
        get => Rights.Executable;
        set => Change(Rights with { Executable = value });
    }

    /// <summary>Protection key, 0 to 15.</summary>
    public int Key
    {
        get => Rights.Key;
        set => Change(Rights with { Key = value });
    }

    public int Pages => frames.Length;
    public int LinesPerPage { get; }
    public int Lines => Pages * LinesPerPage;

    /// <summary>The first 4 KB frame of each page.</summary>
    public ReadOnlySpan<int> Frames => frames;

    /// <summary>
    /// Virtual number of the first page, in pages of its size. A region of up to 512 pages lies under one entry of the level above. Which TLB sets it falls
    /// into follows from seed and name; which page tables map it follows from the name alone, so that the length of walks does not depend on the seed.
    /// </summary>
    public int FirstPage { get; }

    /// <summary>A number that follows from seed and name.</summary>
    internal int Scatter { get; }

    /// <summary>Physical number of a line of a page.</summary>
    public int PhysicalLine(int page, int line) => frames[page] * linesPerFrame + line;

    /// <summary>Virtual address of a page, in bytes; the upper half is sign-extended from bit 47.</summary>
    public long AddressOf(int page) => Vpn(page) * PageSizes.FrameBytes << 16 >> 16;

    public override string ToString() => Name;

    /// <summary>Translations that some core still holds with rights that the page table no longer has.</summary>
    internal int StaleTranslations { get; set; }

    /// <summary>The TLB tags of the first page, one a space and view that maps the region or did.</summary>
    internal IEnumerable<int> Translations => translations.Where(translation => translation != 0).Select(Math.Abs).Distinct();

    /// <summary>Virtual number of a page in 4 KB.</summary>
    internal long Vpn(int page) => (KernelHalf ? 1L << 35 : 0) + ((long)FirstPage + page) * PageSize.Frames();

    /// <summary>The page tables that map the region under an address-space tag that maps it or did.</summary>
    internal TablePath Path(int spaceTag) => paths[spaceTag]!;

    /// <summary>TLB tag of the first page under an address-space tag; not positive where the region is not mapped.</summary>
    internal int Translation(int spaceTag) => spaceTag < translations.Length ? translations[spaceTag] : 0;

    /// <summary>Maps the region under a tag, in page tables whose root and lower levels belong to the scopes named.</summary>
    internal void Map(int spaceTag, string rootScope, string scope)
    {
        if (spaceTag >= translations.Length)
        {
            Array.Resize(ref translations, spaceTag + 1);
            Array.Resize(ref paths, spaceTag + 1);
        }
        paths[spaceTag] ??= new TablePath(machine.PageTables, rootScope, KernelHalf ? KernelScope : scope, spaceTag, Vpn(0), Vpn(Pages - 1), PageSize);
        ref var translation = ref translations[spaceTag];
        // A mapping taken away keeps its tags for the next time.
        if (translation == 0) translation = Global ? GlobalTag() : spaceTag << AddressSpace.TranslationBits | machine.TakeTranslations(Pages);
        translation = Math.Abs(translation);
    }

    internal void Unmap(int spaceTag)
    {
        if (Translation(spaceTag) <= 0) return;
        machine.KeepStale(this, [translations[spaceTag]]);
        translations[spaceTag] = -translations[spaceTag];
    }

    const string KernelScope = "the kernel's half";

    void Change(PageRights rights)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)rights.Key, 15u, nameof(rights));
        if (rights == Rights) return;
        machine.KeepStale(this, Translations);
        Rights = rights;
    }

    // Each page size has a part of the address space: the first gigabyte, the second, and the second half terabyte.
    static int PlaceIn(RegionSpec spec, int scatter)
    {
        const int entries = 1 << PageSizes.BitsPerLevel;
        var offset = Math.Min(scatter % entries, Math.Max(0, entries - spec.Pages));
        var block = spec.PageSize == PageSize.Small ? StableHash.Below(StableHash.Of(0, spec.Name), Math.Max(1, entries - spec.Pages / entries)) : 1;
        return block * entries + offset;
    }

    int GlobalTag()
    {
        foreach (var translation in translations)
        {
            if (translation != 0) return Math.Abs(translation);
        }
        return machine.TakeTranslations(Pages);
    }
}
