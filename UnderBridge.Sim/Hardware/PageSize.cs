namespace UnderBridge.Sim.Hardware;

/// <summary>The two page sizes modelled.</summary>
public enum PageSize
{
    /// <summary>4 KB.</summary>
    Small,

    /// <summary>2 MB.</summary>
    Large,
}

public static class PageSizes
{
    public const int FrameBytes = 4096;

    /// <summary>4 KB frames in a page.</summary>
    public static int Frames(this PageSize size) => size == PageSize.Small ? 1 : 512;
}
