namespace UnderBridge.Sim.Hardware;

/// <summary>The page tables of a process: one for all rings, or two under kernel page-table isolation (KPTI).</summary>
[Flags]
public enum Views
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
    /// <summary>Low bits of a TLB tag number the translation; the bits above are the address-space tag, 0 for global pages.</summary>
    internal const int TranslationBits = 20;
    internal const int TranslationMask = (1 << TranslationBits) - 1;
    internal const int TagMask = int.MaxValue & ~TranslationMask;

    readonly Machine machine;
    int[] tags = [];

    internal AddressSpace(Machine machine, string name, bool kpti)
    {
        this.machine = machine;
        Name = name;
        Kpti = kpti;
    }

    public string Name { get; }
    public bool Kpti { get; }

    /// <summary>Maps a region where it usually belongs: user-accessible memory in both views, supervisor memory in the kernel view.</summary>
    public void Map(Region region, int eptView = 0) => Map(region, region.UserAccessible ? Views.Both : Views.Kernel, eptView);

    public void Map(Region region, Views views, int eptView = 0)
    {
        if (Kpti && region.Global && views != Views.Both)
            throw new ArgumentException($"{region} is global: its translations would outlive the switch to the view of {Name} that lacks it.", nameof(region));
        if (!Kpti || views.HasFlag(Views.User)) region.Map(Tag(kernelView: false, eptView), machine);
        if (Kpti && views.HasFlag(Views.Kernel)) region.Map(Tag(kernelView: true, eptView), machine);
    }

    /// <summary>Takes a region out of all views. Translations a core still holds must be invalidated there.</summary>
    public void Unmap(Region region)
    {
        foreach (var tag in tags) region.Unmap(tag);
    }

    public bool Maps(Region region, bool kernelView, int eptView = 0) => region.Translation(Tag(kernelView, eptView)) > 0;

    public override string ToString() => Name;

    internal int Tag(bool kernelView, int eptView)
    {
        var index = 2 * eptView + (Kpti && kernelView ? 1 : 0);
        if (index >= tags.Length) Array.Resize(ref tags, index + 1);
        ref var tag = ref tags[index];
        if (tag == 0) tag = machine.TakeSpaceTag();
        return tag;
    }
}
