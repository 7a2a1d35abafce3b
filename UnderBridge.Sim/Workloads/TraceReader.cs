using System.Globalization;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Workloads;

/// <summary>Reads recorded calls. Everything wrong with a file is reported in one <see cref="InputException"/>, with line numbers.</summary>
static class TraceReader
{
    /// <summary>Errors after which reading stops: more would not help.</summary>
    public const int MaxErrors = 20;

    const string TimedHeader = "start_tsc,end_tsc,op,fd,bytes,offset,ret";
    const string BeginRow = "begin", EndRow = "end";
    const int LongestQuote = 80;

    /// <summary>
    /// Reads the output of strace, plain or gzip: the calls after the first one whose text contains <paramref name="begin"/> and before the next one
    /// containing <paramref name="end"/>. A null marker is the start or the end of the file.
    /// </summary>
    public static Trace ReadStrace(string path, string? begin = null, string? end = null)
    {
        using var parser = new StraceParser(path);
        var preamble = new List<TraceCall>();
        var calls = new List<TraceCall>();
        var begun = begin is null;
        var ended = false;
        while (parser.TryNext(out var call))
        {
            if (ended) continue;
            if (!begun)
            {
                if (call.Text.Contains(begin!, StringComparison.Ordinal)) begun = true;
                else preamble.Add(call);
            }
            else if (end is not null && call.Text.Contains(end, StringComparison.Ordinal))
            {
                ended = true;
            }
            else
            {
                calls.Add(call);
            }
        }
        parser.ThrowIfWrong();
        if (preamble.Count + calls.Count == 0 && !ended && (begin is null || !begun)) throw new InputException(path, 0, "no call in the file", "strace output");
        if (!begun) throw new InputException(path, 0, "no begin marker", $"a call containing '{begin}'");
        if (end is not null && !ended) throw new InputException(path, 0, "no end marker", $"a call containing '{end}' after the begin marker");
        if (calls.Count == 0) throw new InputException(path, 0, "no call between the markers", "at least one");
        return new Trace { File = path, Preamble = preamble, Calls = calls };
    }

    /// <summary>Reads a timed CSV, plain or gzip: header <c>start_tsc,end_tsc,op,fd,bytes,offset,ret</c>, rows in order of time, times in cycles.</summary>
    public static IReadOnlyList<TimedCall> ReadTimed(string path)
    {
        using var file = new TraceFile(path);
        var header = file.Next() ?? throw new InputException(path, 0, "an empty file", $"the header {TimedHeader}");
        if (header != TimedHeader) throw new InputException(path, 1, Quote(header), $"the header {TimedHeader}");
        var calls = new List<TimedCall>();
        var errors = new List<InputError>();
        var clock = long.MinValue;
        while (errors.Count < MaxErrors && file.Next() is { } line)
        {
            if (!TryRow(line, file.Line, out var row)) errors.Add(new InputError(path, file.Line, 0, Quote(line), "seven fields: six whole numbers and, third, a call"));
            else if (row.Start < clock || row.End < row.Start) errors.Add(new InputError(path, file.Line, 0, Quote(line), "times that do not run backwards"));
            else clock = row.End;
            calls.Add(row);
        }
        if (errors.Count > 0) throw new InputException(errors);
        if (calls.Count == 0) throw new InputException(path, 0, "no row below the header", "at least one");
        return calls;
    }

    /// <summary>
    /// Gives each call of a trace the compute before it: the gap between the timed calls, aligned one by one, in order, by kind. Calls of a kind that
    /// the recorder never wrote get none. Gaps above <paramref name="maxGap"/> cycles are dropped and counted.
    /// </summary>
    /// <exception cref="InputException">The two files do not tell the same story; names the line of both.</exception>
    public static Trace Join(Trace trace, string timedPath, long maxGap) => Join(trace, ReadTimed(timedPath), timedPath, maxGap);

    internal static Trace Join(Trace trace, IReadOnlyList<TimedCall> timed, string timedPath, long maxGap)
    {
        var recorded = timed.Select(row => CallKind.Of(row.Operation)).ToHashSet(StringComparer.Ordinal);
        var calls = new TraceCall[trace.Calls.Count];
        var next = 0;
        var dropped = 0;
        var droppedCycles = 0L;
        long? clock = null;
        if (timed[0].Operation == BeginRow) clock = timed[next++].End;
        for (var i = 0; i < calls.Length; i++)
        {
            calls[i] = trace.Calls[i];
            var kind = CallKind.Of(calls[i]);
            if (!recorded.Contains(kind)) continue;
            if (next == timed.Count || CallKind.Of(timed[next].Operation) != kind) throw Mismatch(trace, i, timed, next, timedPath);
            var row = timed[next++];
            var gap = clock is { } before ? row.Start - before : 0;
            clock = row.End;
            if (gap > maxGap)
            {
                dropped++;
                droppedCycles += gap;
                gap = 0;
            }
            calls[i] = calls[i] with { ComputeBefore = gap };
        }
        if (next < timed.Count && timed[next].Operation != EndRow) throw Mismatch(trace, calls.Length, timed, next, timedPath);
        return trace with { Calls = calls, GapsDropped = dropped, CyclesDropped = droppedCycles };
    }

    static InputException Mismatch(Trace trace, int call, IReadOnlyList<TimedCall> timed, int row, string timedPath)
    {
        var found = row < timed.Count ? $"'{timed[row].Operation}'" : "the end of the rows";
        var line = row < timed.Count ? timed[row].Line : timed[^1].Line;
        var expected = call < trace.Calls.Count
            ? FormattableString.Invariant($"'{CallKind.Of(trace.Calls[call])}' as in {trace.File}:{trace.Calls[call].Line}")
            : FormattableString.Invariant($"no more calls, as after {trace.File}:{trace.Calls[^1].Line}");
        return new InputException(timedPath, line, found, expected);
    }

    static bool TryRow(string line, int number, out TimedCall row)
    {
        row = default;
        Span<Range> fields = stackalloc Range[8];
        var text = line.AsSpan();
        if (text.Split(fields, ',') != 7) return false;
        if (!TryWhole(text[fields[0]], out var start) || !TryWhole(text[fields[1]], out var end) || !TryWhole(text[fields[3]], out var descriptor)
            || !TryWhole(text[fields[4]], out var bytes) || !TryWhole(text[fields[5]], out var offset) || !TryWhole(text[fields[6]], out var result)) return false;
        var operation = text[fields[2]];
        if (operation.IsEmpty) return false;
        row = new TimedCall(start, end, operation.ToString(), (int)descriptor, bytes, offset, result, number);
        return true;
    }

    static bool TryWhole(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>Text for a message: short, and without the control characters that a file of another kind is full of.</summary>
    internal static string Quote(ReadOnlySpan<char> text)
    {
        var cut = text.Length > LongestQuote;
        var shown = (cut ? text[..LongestQuote] : text).ToString();
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '.' : c))}{(cut ? "..." : "")}'";
    }
}
