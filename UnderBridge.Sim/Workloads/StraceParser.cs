using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Workloads;

/// <summary>Turns strace output into whole calls, joining those that were interrupted by another process. A joined call stands where it returned.</summary>
sealed class StraceParser(string path) : IDisposable
{
    const string ExpectedCall = "a call such as 'read(3, ...) = 16'";
    const string ExpectedStart = "the '<unfinished ...>' line of this call before it";

    readonly TraceFile file = new(path);
    readonly List<InputError> errors = [];
    readonly List<Unfinished> unfinished = [];
    readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>The next call; false at the end of the file, or when too much is wrong with it.</summary>
    public bool TryNext(out TraceCall call)
    {
        while (errors.Count < TraceReader.MaxErrors && file.Next() is { } text)
        {
            var line = text.AsSpan();
            var process = StraceLine.TakePrefix(ref line);
            if (StraceLine.IsEvent(line)) continue;
            if (TryKeepUnfinished(process, line)) continue;
            if (TryWhole(process, line, out call, out var expected)) return true;
            errors.Add(new InputError(file.Path, file.Line, 0, TraceReader.Quote(text), expected));
        }
        call = default;
        return false;
    }

    public void ThrowIfWrong()
    {
        if (errors.Count > 0) throw new InputException(errors);
    }

    public void Dispose() => file.Dispose();

    bool TryKeepUnfinished(int process, ReadOnlySpan<char> line)
    {
        var start = line.TrimEnd();
        if (!start.EndsWith(StraceLine.Unfinished)) return false;
        var open = start.IndexOf('(');
        if (open <= 0) return false;
        unfinished.Add(new Unfinished(process, Shared(start[..open]), start[..^StraceLine.Unfinished.Length].TrimEnd().ToString(), file.Line));
        return true;
    }

    bool TryWhole(int process, ReadOnlySpan<char> line, out TraceCall call, out string expected)
    {
        expected = ExpectedCall;
        if (!StraceLine.TryResumed(line, out var name, out var rest)) return TryParse(line, file.Line, out call);
        call = default;
        var index = FindUnfinished(process, Shared(name));
        if (index < 0)
        {
            expected = ExpectedStart;
            return false;
        }
        var begun = unfinished[index];
        unfinished.RemoveAt(index);
        return TryParse($"{begun.Start}{(begun.Start.EndsWith(',') ? " " : "")}{rest.TrimStart()}", begun.Line, out call);
    }

    int FindUnfinished(int process, string name)
    {
        var exact = unfinished.FindIndex(call => call.Process == process && call.Name == name);
        // strace names no process while it follows one alone, so the two halves may differ in that.
        return exact >= 0 ? exact : unfinished.FindIndex(call => call.Name == name && (call.Process == 0 || process == 0));
    }

    bool TryParse(ReadOnlySpan<char> line, int number, out TraceCall call)
    {
        call = default;
        if (!StraceLine.TryCall(line, out var name, out var arguments, out var result, out var error)) return false;
        call = new TraceCall(Shared(name), arguments.ToString(), result, error.IsEmpty ? null : Shared(error), number);
        return true;
    }

    string Shared(ReadOnlySpan<char> text)
    {
        var lookup = names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(text, out var known)) return known;
        var added = text.ToString();
        names.Add(added);
        return added;
    }

    readonly record struct Unfinished(int Process, string Name, string Start, int Line);
}
