namespace UnderBridge.Sim.Hardware;

/// <summary>The page tables of a process: one for all rings, or two under kernel page-table isolation (KPTI).</summary>
[Flags]
enum Views
{
    User = 1,
    Kernel = 2,
    Both = User | Kernel,
}

/// <summary>
/// What CR3 selects: a process's mappings, with a tag (PCID) for its translations. With <see cref="Kpti"/> it has two views, each with mappings and a
/// tag of its own; otherwise both are one. An EPT view (VMFUNC) translates to other memory, so each has its mappings and tags too.
/// </summary>
public sealed class AddressSpace
{
    /// <summary>
    /// Low bits of a TLB tag number the translation; the 12 bits above are the address-space tag, 0 for global pages. It stands for the PCID and the EPT
    /// view together. No two spaces share one, so a machine has at most 4095.
    /// </summary>
    internal const int TranslationBits = 19;
    internal const int TranslationMask = (1 << TranslationBits) - 1;
    internal const int TagMask = int.MaxValue & ~TranslationMask;

    readonly Machine machine;
    // By EPT view, 0 where nothing is mapped; without KPTI the first serves both views.
    int[] userTags = [];
    int[] kernelTags = [];

    internal AddressSpace(Machine machine, string name, bool kpti)
    {
        this.machine = machine;
        Name = name;
        Kpti = kpti;
    }

    public string Name { get; }
    public bool Kpti { get; }

    /// <summary>Maps a region where it usually belongs: user-accessible memory in both views, supervisor memory in the kernel view.</summary>
    internal void Map(Region region, int eptView = 0) => Map(region, region.UserAccessible ? Views.Both : Views.Kernel, eptView);

    internal void Map(Region region, Views views, int eptView = 0)
    {
        if (Kpti && region.Global && views != Views.Both)
            throw new ArgumentException($"{region} is global: its translations would outlive the switch to the view of {Name} that lacks it.", nameof(region));
        if (!Kpti || views.HasFlag(Views.User)) Map(region, kernelView: false, eptView);
        if (Kpti && views.HasFlag(Views.Kernel)) Map(region, kernelView: true, eptView);
    }

    // Both views share the tables of the user's half.
    void Map(Region region, bool kernelView, int eptView)
    {
        var tag = Tag(kernelView, eptView);
        region.Map(tag, FormattableString.Invariant($"root {tag}"), FormattableString.Invariant($"{Name} in EPT view {eptView}"));
    }

    /// <summary>Takes a region out of all views. Translations a core still holds must be invalidated there.</summary>
    internal void Unmap(Region region)
    {
        foreach (var tag in userTags.Concat(kernelTags)) region.Unmap(tag);
    }

    internal bool Maps(Region region, bool kernelView, int eptView = 0) => region.Translation(Tag(kernelView, eptView)) > 0;

    public override string ToString() => Name;

    /// <summary>Cores that have had the space in CR3 and so may hold translations of it, by index.</summary>
    internal HashSet<int> LoadedOn { get; } = [];

    /// <summary>The tags of one view by EPT view, 0 where it has none: together what a PCID stands for.</summary>
    internal ReadOnlySpan<int> Tags(bool kernelView) => Kpti && kernelView ? kernelTags : userTags;

    internal int Tag(bool kernelView, int eptView) => Tag(ref Kpti && kernelView ? ref kernelTags : ref userTags, eptView);

    int Tag(ref int[] tags, int eptView)
    {
        if (eptView >= tags.Length) Array.Resize(ref tags, eptView + 1);
        ref var tag = ref tags[eptView];
        if (tag == 0) tag = machine.TakeSpaceTag();
        return tag;
    }
}
