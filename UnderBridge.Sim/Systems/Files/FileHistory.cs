using System.Globalization;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Systems.Files;

/// <summary>Follows the calls of a program, and says what each asks of a file server.</summary>
sealed class FileHistory
{
    const long NotGiven = -1;

    // A name that no file of the disk has.
    const string Elsewhere = "(elsewhere)";
    const string CreateFlag = "O_CREAT", TruncateFlag = "O_TRUNC", AppendFlag = "O_APPEND", WriteFlag = "O_WRONLY", ReadWriteFlag = "O_RDWR";

    readonly Dictionary<string, TracedFile> files = new(StringComparer.Ordinal);
    readonly List<TracedFile> inOrder = [];
    readonly Dictionary<int, OpenFile> descriptors = [];
    readonly HashSet<TracedFile> writable = [];
    readonly List<OpenFile> openAtStart = [];
    readonly List<bool> handlesInUse = [];

    /// <summary>A request whose paths are not yet numbered.</summary>
    public readonly record struct Draft(FileOperation Operation, int Handle, TracedFile? File = null, TracedFile? Other = null, long Offset = 0, int Length = 0);

    sealed class OpenFile(TracedFile file, int handle, bool writes, bool appends)
    {
        public TracedFile File { get; } = file;
        public int Handle { get; } = handle;
        public bool Writes { get; } = writes;
        public bool Appends { get; } = appends;
        public int Descriptors { get; set; } = 1;
        public long Position { get; set; }
    }

    /// <summary>What has been followed so far is over: it only says what is there and open.</summary>
    public void BeginMeasuring()
    {
        writable.Clear();
        foreach (var file in inOrder) file.BeginMeasuring();
        foreach (var open in descriptors.OrderBy(entry => entry.Key).Select(entry => entry.Value).Distinct()) openAtStart.Add(open);
    }

    public Draft Follow(in TraceCall call)
    {
        switch (CallKind.Of(call))
        {
            case "open": return Open(call);
            case "close": return Close(call);
            case "dup": return Duplicate(call);
            case "fcntl" when call.Argument(1).StartsWith("F_DUPFD"): return Duplicate(call);
            case "read" or "readv": return Move(call, FileOperation.Read, NotGiven);
            case "write" or "writev": return Move(call, FileOperation.Write, NotGiven);
            case "pread" or "preadv": return Move(call, FileOperation.Read, Number(call.Argument(3)));
            case "pwrite" or "pwritev": return Move(call, FileOperation.Write, Number(call.Argument(3)));
            case "lseek": return Seek(call);
            case "stat" or "lstat" or "access" or "readlink": return Stat(call);
            case "fstat": return StatOpen(call);
            case "ftruncate": return Resize(call);
            case "unlink" or "rmdir": return Unlink(call);
            case "mkdir": return MakeDirectory(call);
            case "rename": return Rename(call);
            default: return default;
        }
    }

    /// <summary>Numbers the paths, now that it is known where the file system is mounted.</summary>
    public FileTrace Close(IReadOnlyList<Draft> drafts, string? mountedAt)
    {
        foreach (var open in openAtStart.Where(open => open.File.IsUsed && open.Writes)) writable.Add(open.File);
        var mount = (mountedAt ?? CommonDirectory()).TrimEnd('/');
        var paths = new PathTable();
        bool IsInside(TracedFile file) => file.Path.StartsWith(mount + "/", StringComparison.Ordinal);
        int PathOf(TracedFile file) => paths.Add(IsInside(file) ? file.Path[mount.Length..] : file.Path == mount ? "/" : Elsewhere + file.Path);
        var used = inOrder.Where(file => file.IsUsed && IsInside(file)).ToList();
        var image = new FileImage(
            [.. used.Where(file => file.InImage).Select(file => new ImageFile(PathOf(file), file.ImageSize, file.IsDirectory || IsParent(file, used)))],
            [.. openAtStart.Where(open => used.Contains(open.File)).Select(open => new OpenHandle(open.Handle, PathOf(open.File)))]);
        var requests = drafts.Select(draft => new ServerRequest(
            (int)draft.Operation,
            draft.File is null ? draft.Handle : PathOf(draft.File),
            draft.Other is null ? draft.Handle : PathOf(draft.Other),
            draft.Offset,
            draft.Length)).ToList();
        return new FileTrace { Paths = paths, Image = image, Requests = requests, Mount = mount.Length == 0 ? "/" : mount };
    }

    Draft Open(in TraceCall call)
    {
        var isCreat = call.Name == "creat";
        var flags = isCreat ? $"{CreateFlag}|{TruncateFlag}|{WriteFlag}" : call.Argument(call.Name.StartsWith("openat", StringComparison.Ordinal) ? 2 : 1).ToString();
        if (FileAt(call, call.Name.StartsWith("openat", StringComparison.Ordinal)) is not { } file) return default;
        if (call.Error is not null) return Search(file, call);
        var creates = flags.Contains(CreateFlag, StringComparison.Ordinal);
        var empties = flags.Contains(TruncateFlag, StringComparison.Ordinal);
        if (creates) file.FoundOrMade();
        else file.Found();
        if (empties) file.Resized(0);
        file.IsDirectory |= flags.Contains("O_DIRECTORY", StringComparison.Ordinal);
        var writes = flags.Contains(WriteFlag, StringComparison.Ordinal) || flags.Contains(ReadWriteFlag, StringComparison.Ordinal);
        if (writes) writable.Add(file);
        var open = new OpenFile(file, TakeHandle(), writes, flags.Contains(AppendFlag, StringComparison.Ordinal));
        descriptors[(int)call.Result] = open;
        var operation = creates
            ? empties ? FileOperation.CreateEmpty : FileOperation.Create
            : empties ? FileOperation.OpenEmpty : FileOperation.Open;
        return new Draft(operation, open.Handle, file);
    }

    Draft Close(in TraceCall call)
    {
        var descriptor = (int)Number(call.Argument(0));
        if (!descriptors.Remove(descriptor, out var open)) return default;
        open.File.IsUsed = true;
        if (--open.Descriptors > 0) return default;
        handlesInUse[open.Handle] = false;
        return new Draft(FileOperation.Close, open.Handle);
    }

    Draft Duplicate(in TraceCall call)
    {
        if (call.Error is null && OpenAt(call) is { } open)
        {
            open.Descriptors++;
            descriptors[(int)call.Result] = open;
        }
        return default;
    }

    Draft Move(in TraceCall call, FileOperation operation, long offset)
    {
        if (call.Error is not null || OpenAt(call) is not { } open) return default;
        var atPosition = offset == NotGiven;
        if (atPosition) offset = operation == FileOperation.Write && open.Appends ? open.File.Size : open.Position;
        if (atPosition) open.Position = offset + call.Result;
        var asked = Number(call.Argument(2));
        var vector = call.Name.Contains('v');
        var length = operation == FileOperation.Write || vector || asked < 0 ? call.Result : asked;
        if (operation == FileOperation.Write) open.File.Wrote(offset + call.Result);
        else if (call.Result > 0) open.File.Held(offset + call.Result);
        return new Draft(operation, open.Handle, Offset: offset, Length: (int)Math.Min(length, int.MaxValue));
    }

    Draft Seek(in TraceCall call)
    {
        if (call.Error is null && OpenAt(call) is { } open) open.Position = call.Result;
        return default;
    }

    Draft Stat(in TraceCall call)
    {
        if (FileAt(call, call.Name is "newfstatat" or "fstatat64" or "statx" or "faccessat" or "faccessat2" or "readlinkat") is not { } file) return default;
        return Search(file, call);
    }

    Draft StatOpen(in TraceCall call)
    {
        if (OpenAt(call) is not { } open) return default;
        Observe(open.File, call);
        return new Draft(FileOperation.StatHandle, open.Handle);
    }

    Draft Resize(in TraceCall call)
    {
        if (call.Error is not null || OpenAt(call) is not { } open) return default;
        var size = Number(call.Argument(1));
        open.File.Resized(size);
        return new Draft(FileOperation.Resize, open.Handle, Offset: size);
    }

    Draft Unlink(in TraceCall call)
    {
        if (FileAt(call, call.Name == "unlinkat") is not { } file) return default;
        if (call.Error is not null) return Search(file, call);
        file.Removed();
        file.IsDirectory |= call.Name == "rmdir" || call.Arguments.Contains("AT_REMOVEDIR", StringComparison.Ordinal);
        return new Draft(FileOperation.Unlink, 0, file);
    }

    Draft MakeDirectory(in TraceCall call)
    {
        if (FileAt(call, call.Name == "mkdirat") is not { } file) return default;
        if (call.Error is "EEXIST") file.Found();
        file.IsDirectory = true;
        if (call.Error is not null) return Search(file, call);
        file.Missed();
        file.FoundOrMade();
        return new Draft(FileOperation.MakeDirectory, 0, file);
    }

    Draft Rename(in TraceCall call)
    {
        var hasDirectories = call.Name != "rename";
        if (FileAt(call, hasDirectories) is not { } from || FileAt(call, hasDirectories, hasDirectories ? 2 : 1) is not { } to) return default;
        if (call.Error is not null) return Search(from, call);
        from.Found();
        var size = from.Size;
        from.Removed();
        to.FoundOrMade();
        to.Resized(size);
        return new Draft(FileOperation.Rename, 0, from, to);
    }

    static Draft Search(TracedFile file, in TraceCall call)
    {
        if (call.Error is "ENOENT") file.Missed();
        else if (call.Error is null) file.Found();
        Observe(file, call);
        return new Draft(FileOperation.Stat, 0, file);
    }

    static void Observe(TracedFile file, in TraceCall call)
    {
        if (call.Error is not null) return;
        file.IsDirectory |= call.Arguments.Contains("S_IFDIR", StringComparison.Ordinal);
        var at = call.Arguments.IndexOf("_size=", StringComparison.Ordinal);
        if (at >= 0 && !file.IsDirectory) file.Held(Number(call.Arguments.AsSpan(at + "_size=".Length)));
    }

    OpenFile? OpenAt(in TraceCall call)
    {
        if (!descriptors.TryGetValue((int)Number(call.Argument(0)), out var open)) return null;
        open.File.IsUsed = true;
        return open;
    }

    /// <summary>The file that a path argument names; null when it holds no path.</summary>
    TracedFile? FileAt(in TraceCall call, bool hasDirectory, int argument = 0)
    {
        var quoted = call.Argument(hasDirectory ? argument + 1 : argument);
        var end = quoted.LastIndexOf('"');
        if (end < 1 || quoted[0] != '"') return null;
        var path = quoted[1..end].ToString();
        if (hasDirectory && !path.StartsWith('/')) path = $"{DirectoryOf(call.Argument(argument))}/{path}";
        path = Normal(path);
        if (!files.TryGetValue(path, out var file))
        {
            files.Add(path, file = new TracedFile(path));
            inOrder.Add(file);
        }
        file.IsUsed = true;
        return file;
    }

    string DirectoryOf(ReadOnlySpan<char> argument)
    {
        // strace -y writes the path behind the descriptor: 3</tmp>.
        var open = argument.IndexOf('<');
        if (open >= 0 && argument[^1] == '>') return argument[(open + 1)..^1].ToString();
        return descriptors.TryGetValue((int)Number(argument), out var directory) ? directory.File.Path : "";
    }

    static string Normal(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == ".." && names.Count > 0) names.RemoveAt(names.Count - 1);
            else if (name is not ("." or "..")) names.Add(name);
        }
        return "/" + string.Join('/', names);
    }

    string CommonDirectory()
    {
        string[]? common = null;
        foreach (var file in writable.Count > 0 ? inOrder.Where(writable.Contains) : inOrder.Where(file => file.IsUsed && file.InImage && !file.IsDirectory))
        {
            var names = file.Path.Split('/')[..^1];
            common = common is null ? names : [.. common.Zip(names).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }
        return string.Join('/', common ?? []);
    }

    static bool IsParent(TracedFile file, List<TracedFile> others) =>
        others.Exists(other => other.Path.Length > file.Path.Length && other.Path.StartsWith(file.Path + "/", StringComparison.Ordinal));

    int TakeHandle()
    {
        var handle = handlesInUse.IndexOf(false);
        if (handle < 0)
        {
            handle = handlesInUse.Count;
            handlesInUse.Add(true);
        }
        handlesInUse[handle] = true;
        return handle;
    }

    /// <summary>The whole number that a text begins with; -1 when it begins with none.</summary>
    static long Number(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return long.TryParse(end < 0 ? text : text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NotGiven;
    }
}
