namespace UnderBridge.Sim.Systems.Files;

/// <summary>What a trace tells about a path up to some call: whether a file was there at the start, and how large that one must have been.</summary>
sealed class TracedFile(string path)
{
    bool isKnown;
    bool isThere;

    // True while the file that the path names may be the one of the disk image.
    bool isOriginal = true;
    long written;

    public string Path { get; } = path;
    public bool InImage { get; private set; }
    public long ImageSize { get; private set; }
    public bool IsDirectory { get; set; }

    /// <summary>The measured part speaks of it.</summary>
    public bool IsUsed { get; set; }

    public long Size => isThere ? Math.Max(isOriginal ? ImageSize : 0, written) : 0;

    /// <summary>A call found it.</summary>
    public void Found()
    {
        if (!isKnown) InImage = true;
        (isKnown, isThere) = (true, true);
    }

    /// <summary>A call did not find it.</summary>
    public void Missed()
    {
        (isKnown, isThere, isOriginal) = (true, false, false);
    }

    /// <summary>It was opened, and made if it was missing: which of the two shows later, if at all.</summary>
    public void FoundOrMade()
    {
        if (isKnown && !isThere) (isOriginal, written) = (false, 0);
        (isKnown, isThere) = (true, true);
    }

    /// <summary>It was cut or filled to a size.</summary>
    public void Resized(long size)
    {
        isOriginal = false;
        written = size;
    }

    public void Wrote(long end) => written = Math.Max(written, end);

    /// <summary>It was seen to hold so many bytes.</summary>
    public void Held(long size)
    {
        if (!isOriginal || size <= Size) return;
        (InImage, ImageSize) = (true, size);
    }

    public void Removed()
    {
        Found();
        (isThere, isOriginal, written) = (false, false, 0);
    }

    /// <summary>What is there now becomes the disk image.</summary>
    public void BeginMeasuring()
    {
        var size = Size;
        if (isKnown) (InImage, ImageSize, isOriginal, written) = (isThere, size, isThere, 0);
        IsUsed = false;
    }
}
