using System.Buffers.Binary;
using System.IO.Compression;

namespace UnderBridge.Sim.Workloads;

/// <summary>Decompresses a gzip file and refuses one that is cut off: the library's stream ends there without a word, as if the file were shorter.</summary>
sealed class GzipText(FileStream file) : Stream
{
    const int LengthBytes = sizeof(uint);

    readonly uint statedLength = StatedLength(file);
    readonly GZipStream zip = new(file, CompressionMode.Decompress);
    long length;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = zip.Read(buffer);
        length += read;
        // A file of several members states the length of the last one only, which is less than the whole.
        if (read == 0 && buffer.Length > 0 && unchecked((uint)length) < statedLength) throw new InvalidDataException("it ends before its last byte");
        return read;
    }

    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) zip.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The length of the text modulo 2^32, which a gzip file ends with (RFC 1952, ISIZE).</summary>
    static uint StatedLength(FileStream file)
    {
        Span<byte> bytes = stackalloc byte[LengthBytes];
        file.Seek(-LengthBytes, SeekOrigin.End);
        file.ReadExactly(bytes);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
