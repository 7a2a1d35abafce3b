using System.IO.Compression;

namespace UnderBridge.Sim.Workloads;

/// <summary>
/// Decompresses gzip data and refuses what is cut off: the library's stream ends there without a word, as if the data were shorter. So a member is
/// added behind the data, and its one byte must come out last.
/// </summary>
sealed class GzipText(Stream file) : Stream
{
    const byte EndMark = 0;
    static readonly byte[] endMember = Zip(EndMark);

    readonly GZipStream zip = new(new Concatenation(file, new MemoryStream(endMember, writable: false)), CompressionMode.Decompress);
    int held = -1;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    // The last byte is held back, for it may be the mark.
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (held < 0) held = zip.ReadByte();
        var read = zip.Read(buffer);
        if (read == 0) return held == EndMark ? 0 : throw new InvalidDataException("it ends before its last byte");
        var last = buffer[read - 1];
        buffer[..(read - 1)].CopyTo(buffer[1..]);
        buffer[0] = (byte)held;
        held = last;
        return read;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            zip.Dispose();
            file.Dispose();
        }
        base.Dispose(disposing);
    }

    static byte[] Zip(byte single)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionMode.Compress)) zip.WriteByte(single);
        return bytes.ToArray();
    }
}
