namespace UnderBridge.Sim.Workloads;

/// <summary>One thing wrong with a trace. Line 0 is the file as a whole.</summary>
sealed record TraceError(string File, int Line, string Found, string Expected)
{
    public override string ToString() =>
        Line == 0 ? $"{File}: {Found}; expected {Expected}" : FormattableString.Invariant($"{File}:{Line}: found {Found}, expected {Expected}");
}

/// <summary>A trace that can not be used, with everything found wrong in it (the first few, when there is much).</summary>
sealed class TraceException(IReadOnlyList<TraceError> errors) : Exception(string.Join('\n', errors))
{
    public TraceException(string file, int line, string found, string expected)
        : this([new TraceError(file, line, found, expected)]) { }

    public IReadOnlyList<TraceError> Errors { get; } = errors;
}
