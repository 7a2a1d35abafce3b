using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Workloads;

/// <summary>The lines of a text file, plain or gzip (told apart by the first two bytes), one at a time.</summary>
sealed class TraceFile : IDisposable
{
    const int GzipMagic0 = 0x1f, GzipMagic1 = 0x8b, BufferBytes = 1 << 16;

    readonly StreamReader reader;

    public TraceFile(string path)
    {
        Path = path;
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
            var isGzip = file.ReadByte() == GzipMagic0 && file.ReadByte() == GzipMagic1;
            file.Position = 0;
            reader = new StreamReader(isGzip ? new GzipText(file) : file, bufferSize: BufferBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException(path, 0, $"a file that can not be opened ({problem.Message})", "a readable file");
        }
    }

    public string Path { get; }

    /// <summary>Lines read so far: the number of the line last returned.</summary>
    public int Line { get; private set; }

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="InputException">The compressed data is cut off or damaged.</exception>
    public string? Next()
    {
        try
        {
            var line = reader.ReadLine();
            if (line is not null) Line++;
            return line;
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new InputException(Path, Line + 1, $"compressed data that ends early or is damaged ({problem.Message})", "a complete gzip file");
        }
    }

    public void Dispose() => reader.Dispose();
}
