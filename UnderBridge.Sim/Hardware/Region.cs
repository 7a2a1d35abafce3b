using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Hardware;

/// <summary>A piece of memory to be allocated. Names are unique within a machine and decide where it lies.</summary>
public sealed record RegionSpec(string Name, Owner Owner, int Pages)
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
}

/// <summary>A virtually contiguous piece of memory of an owner, with the protection bits of its pages.</summary>
public sealed class Region
{
    readonly int linesPerFrame;
    readonly int[] frames;
    int[] translations = [];

    internal Region(RegionSpec spec, int[] frames, int firstPage, int linesPerFrame)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)spec.Key, 15u, nameof(spec));
        this.frames = frames;
        this.linesPerFrame = linesPerFrame;
        (Name, Owner, PageSize, Global, Key) = (spec.Name, spec.Owner, spec.PageSize, spec.Global, spec.Key);
        (UserAccessible, Writable, Executable) = (spec.UserAccessible, spec.Writable, spec.Executable);
        FirstPage = firstPage;
        LinesPerPage = PageSize.Frames() * linesPerFrame;
    }

    public string Name { get; }
    public Owner Owner { get; }
    public PageSize PageSize { get; }
    public bool Global { get; }
    public bool UserAccessible { get; set; }
    public bool Writable { get; set; }
    public bool Executable { get; set; }

    /// <summary>Protection key, 0 to 15.</summary>
    public int Key { get; set; }

    public int Pages => frames.Length;
    public int LinesPerPage { get; }
    public int Lines => Pages * LinesPerPage;

    /// <summary>The first 4 KB frame of each page.</summary>
    public ReadOnlySpan<int> Frames => frames;

    /// <summary>Virtual number of the first page, in pages of its size.</summary>
    public int FirstPage { get; }

    /// <summary>Physical number of a line of a page.</summary>
    public int PhysicalLine(int page, int line) => frames[page] * linesPerFrame + line;

    public override string ToString() => Name;

    /// <summary>TLB tag of the first page under an address-space tag; not positive where the region is not mapped.</summary>
    internal int Translation(int spaceTag) => spaceTag < translations.Length ? translations[spaceTag] : 0;

    internal void Map(int spaceTag, Machine machine)
    {
        if (spaceTag >= translations.Length) Array.Resize(ref translations, spaceTag + 1);
        ref var translation = ref translations[spaceTag];
        // A mapping taken away keeps its tags for the next time.
        if (translation == 0) translation = Global ? GlobalTag(machine) : spaceTag << AddressSpace.TranslationBits | machine.TakeTranslations(Pages);
        translation = Math.Abs(translation);
    }

    internal void Unmap(int spaceTag)
    {
        if (spaceTag < translations.Length) translations[spaceTag] = -Math.Abs(translations[spaceTag]);
    }

    int GlobalTag(Machine machine)
    {
        foreach (var translation in translations)
        {
            if (translation != 0) return translation;
        }
        return machine.TakeTranslations(Pages);
    }
}
