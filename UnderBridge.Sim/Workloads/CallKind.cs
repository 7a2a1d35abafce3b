namespace UnderBridge.Sim.Workloads;

/// <summary>What a call does, whatever its variant is called: <c>pread64</c> is a <c>pread</c>, <c>openat</c> an <c>open</c>.</summary>
static class CallKind
{
    static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["pread64"] = "pread", ["pwrite64"] = "pwrite", ["preadv2"] = "preadv", ["pwritev2"] = "pwritev",
        ["openat"] = "open", ["openat2"] = "open", ["creat"] = "open",
        ["unlinkat"] = "unlink", ["mkdirat"] = "mkdir", ["renameat"] = "rename", ["renameat2"] = "rename",
        ["fcntl64"] = "fcntl", ["ftruncate64"] = "ftruncate", ["truncate64"] = "truncate", ["_llseek"] = "lseek",
        ["faccessat"] = "access", ["faccessat2"] = "access", ["fchownat"] = "chown", ["fchmodat"] = "chmod", ["readlinkat"] = "readlink",
        ["getdents64"] = "getdents", ["stat64"] = "stat", ["lstat64"] = "lstat", ["fstat64"] = "fstat", ["dup2"] = "dup", ["dup3"] = "dup",
    };

    /// <summary>The calls that <c>newfstatat</c> stands for.</summary>
    internal static readonly string[] CoveredByNewfstatat = ["stat", "fstat", "lstat"];

    /// <summary>The kind of a call. <c>newfstatat</c> of an open file is an <c>fstat</c>, of a path a <c>stat</c>.</summary>
    public static string Of(in TraceCall call) => call.Name is "newfstatat" or "fstatat64" or "statx"
        ? call.Argument(1) is "\"\"" or "NULL" ? "fstat" : "stat"
        : Of(call.Name);

    /// <summary>The kind of a call known by name alone.</summary>
    public static string Of(string name) => Kinds.GetValueOrDefault(name, name);
}
