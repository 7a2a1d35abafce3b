namespace UnderBridge.Sim.Hardware;

/// <summary>The page sizes of four-level paging.</summary>
public enum PageSize
{
    /// <summary>4 KB.</summary>
    Small,

    /// <summary>2 MB.</summary>
    Large,

    /// <summary>1 GB.</summary>
    Huge,
}

static class PageSizes
{
    public const int FrameBytes = 4096;

    /// <summary>Bits of a virtual address that one level of the page table translates.</summary>
    internal const int BitsPerLevel = 9;

    public static readonly IReadOnlyList<PageSize> All = Enum.GetValues<PageSize>();

    /// <summary>4 KB frames in a page.</summary>
    public static int Frames(this PageSize size) => 1 << (BitsPerLevel * (int)size);

    /// <summary>The size written as <c>4K</c>, or null.</summary>
    public static PageSize? Parse(string? text) => All.Where(size => size.Text() == text).Cast<PageSize?>().FirstOrDefault();

    /// <summary>The size as it is written in files: <c>4K</c>.</summary>
    public static string Text(this PageSize size) => size switch { PageSize.Small => "4K", PageSize.Large => "2M", _ => "1G" };
}
