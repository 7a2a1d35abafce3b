using System.Text;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Workloads;

/// <summary>The labels of a Dinero din trace.</summary>
enum DinLabel : byte { Read, Write, Fetch, Ignored, Flush }

/// <summary>A line of a din trace.</summary>
readonly record struct DinRecord(DinLabel Label, ulong Address);

static class DinRecords
{
    /// <summary>Does to a memory what a line of a trace says.</summary>
    public static void Play(this TracedMemory memory, DinRecord record)
    {
        switch (record.Label)
        {
            case DinLabel.Read: memory.Access(record.Address, Access.Read); break;
            case DinLabel.Write: memory.Access(record.Address, Access.Write); break;
            case DinLabel.Fetch: memory.Access(record.Address, Access.Fetch); break;
            case DinLabel.Flush: memory.Flush(); break;
        }
    }
}

/// <summary>
/// Streams a memory trace in the din format of the Dinero simulators, plain or gzip: a label from 0 to 4 and a hexadecimal address a line, between
/// blanks, with or without 0x; the rest of a line is a comment. Labels 3 and 4 need no address. A byte-order mark may stand before all.
/// </summary>
sealed class DinTrace : IDisposable
{
    /// <summary>What errors call standard input.</summary>
    public const string StandardInput = "standard input";

    const int BufferBytes = 1 << 18, BatchRecords = 4096, LongestQuote = 100;
    const int GzipMagic0 = 0x1f, GzipMagic1 = 0x8b;
    const string Readable = "a din trace, plain or gzip";
    const string Shape = "a label 0 to 4 and a hexadecimal address of at most 64 bits, as in '0 7ffe1000'";

    readonly string name;
    readonly Stream stream;
    readonly byte[] buffer = new byte[BufferBytes];
    readonly DinRecord[] batch = new DinRecord[BatchRecords];
    readonly List<InputError> errors = [];
    int start;
    int end;
    int line;
    bool streamEnded;
    bool isCut;

    /// <exception cref="InputException">The file can not be opened.</exception>
    public DinTrace(string path)
    {
        name = path;
        try
        {
            if (Directory.Exists(path)) throw new InputException(path, 0, "a directory", Readable);
            if (!File.Exists(path)) throw new InputException(path, 0, "no such file", Readable);
            stream = Decompressed(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException(path, 0, $"a file that can not be opened ({problem.Message})", Readable);
        }
    }

    /// <summary>Reads a stream, which errors call <paramref name="name"/>.</summary>
    public DinTrace(Stream stream, string name = StandardInput)
    {
        this.name = name;
        this.stream = Decompressed(stream);
    }

    /// <summary>The next records; none at the end. They hold until the next call. Records beside wrong lines are still returned.</summary>
    /// <exception cref="InputException">Lines were wrong: at the end, or when they become too many. Or the compressed data is cut off or damaged.</exception>
    public ReadOnlySpan<DinRecord> Next()
    {
        var count = 0;
        while (count < BatchRecords && NextLine(out var text))
        {
            if (++line == 1 && text.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
            if (!TryParse(text, out batch[count])) Refuse(text);
            else count++;
        }
        if (count == 0 && errors.Count > 0) throw new InputException(errors);
        return batch.AsSpan(0, count);
    }

    public void Dispose() => stream.Dispose();

    static Stream Decompressed(Stream raw)
    {
        var magic = new byte[2];
        var read = raw.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        var whole = new Concatenation(new MemoryStream(magic, 0, read), raw);
        return read == magic.Length && magic is [GzipMagic0, GzipMagic1] ? new GzipText(whole) : whole;
    }

    // As much of a line as fits the buffer, which only comments exceed.
    bool NextLine(out ReadOnlySpan<byte> text)
    {
        while (isCut && NextPart(out _)) { }
        return NextPart(out text);
    }

    bool NextPart(out ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var rest = buffer.AsSpan(start, end - start);
            var length = rest.IndexOf((byte)'\n');
            if (length >= 0)
            {
                text = rest[..length];
                start += length + 1;
                isCut = false;
                return true;
            }
            if (streamEnded || rest.Length == buffer.Length)
            {
                text = rest;
                start = end;
                isCut = !streamEnded;
                return rest.Length > 0;
            }
            Fill(rest);
        }
    }

    void Fill(ReadOnlySpan<byte> rest)
    {
        rest.CopyTo(buffer);
        (start, end) = (0, rest.Length);
        try
        {
            var read = stream.Read(buffer.AsSpan(end));
            end += read;
            streamEnded = read == 0;
        }
        catch (InvalidDataException)
        {
            throw Broken(line + 1, "compressed data that ends early or is damaged", "a complete gzip file");
        }
        catch (IOException problem)
        {
            throw Broken(line + 1, $"data that can not be read ({problem.Message})", Readable);
        }
    }

    InputException Broken(int at, string found, string expected) => new([.. errors, new InputError(name, at, 0, found, expected)]);

    static bool TryParse(ReadOnlySpan<byte> text, out DinRecord record)
    {
        record = default;
        var at = SkipBlanks(text, 0);
        if (at == text.Length) return false;
        var label = text[at] - '0';
        if ((uint)label > (uint)DinLabel.Flush) return false;
        at++;
        if (at < text.Length && !IsBlank(text[at])) return false;
        at = SkipBlanks(text, at);
        var needsAddress = label < (int)DinLabel.Ignored || at < text.Length;
        if (!TryAddress(text[at..], out var address) && needsAddress) return false;
        record = new DinRecord((DinLabel)label, address);
        return true;
    }

    static bool TryAddress(ReadOnlySpan<byte> text, out ulong address)
    {
        address = 0;
        var at = text is [(byte)'0', (byte)'x' or (byte)'X', ..] ? 2 : 0;
        var first = at;
        for (; at < text.Length && !IsBlank(text[at]); at++)
        {
            var digit = HexDigit(text[at]);
            if (digit < 0 || address >> 60 != 0) return false;
            address = address << 4 | (uint)digit;
        }
        return at > first;
    }

    static int HexDigit(byte letter) => letter switch
    {
        >= (byte)'0' and <= (byte)'9' => letter - '0',
        >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
        _ => -1,
    };

    static bool IsBlank(byte letter) => letter is (byte)' ' or (byte)'\t' or (byte)'\r';

    static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && IsBlank(text[at])) at++;
        return at;
    }

    void Refuse(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyInRange((byte)0, (byte)8)) throw Broken(line, "binary data", Readable);
        errors.Add(new InputError(name, line, 0, text.Trim(" \t\r"u8).IsEmpty ? "an empty line" : TraceReader.Quote(Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestQuote)])), Shape));
        if (errors.Count == TraceReader.MaxErrors) throw new InputException(errors);
    }
}
