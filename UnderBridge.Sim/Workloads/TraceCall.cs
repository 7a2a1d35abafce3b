namespace UnderBridge.Sim.Workloads;

/// <summary>
/// A system call of a recorded program: its name, its arguments as written, what it returned (-1 with the name of the error when it failed; 0 when
/// it never returned) and its line in the file, from 1. <paramref name="ComputeBefore"/> is the program's own compute since the call before, in
/// cycles; 0 where it is not known.
/// </summary>
readonly record struct TraceCall(string Name, string Arguments, long Result, string? Error, int Line, long ComputeBefore = 0)
{
    /// <summary>The call as a reader sees it, without its result.</summary>
    public string Text => $"{Name}({Arguments})";

    /// <summary>The argument at a position, as written; empty when there are fewer.</summary>
    public ReadOnlySpan<char> Argument(int position) => StraceLine.Argument(Arguments, position);
}

/// <summary>A row of a timed CSV: counter at start and end of the call, in cycles, and the call as the recorder named it.</summary>
readonly record struct TimedCall(long Start, long End, string Operation, int Descriptor, long Bytes, long Offset, long Result, int Line);
