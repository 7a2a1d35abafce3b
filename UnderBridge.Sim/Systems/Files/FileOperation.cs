namespace UnderBridge.Sim.Systems.Files;

/// <summary>
/// What a file server is asked. The subject is a path, or the handle of an open file. The client chooses the handle at open, as the request's
/// <see cref="ServerRequest.Other"/>.
/// </summary>
enum FileOperation
{
    /// <summary>A call that the server only takes note of: a lock, a sync (every write is already on disk), an unknown one.</summary>
    Other,

    /// <summary>Path; gives a handle.</summary>
    Open,

    /// <summary>Path; gives a handle to the file cut to nothing.</summary>
    OpenEmpty,

    /// <summary>Path; gives a handle to the file, made if it is missing.</summary>
    Create,

    /// <summary>Path; gives a handle to the file, made if it is missing, else cut to nothing.</summary>
    CreateEmpty,

    /// <summary>Handle.</summary>
    Close,

    /// <summary>Handle, offset, length.</summary>
    Read,

    /// <summary>Handle, offset, length.</summary>
    Write,

    /// <summary>Path.</summary>
    Stat,

    /// <summary>Handle.</summary>
    StatHandle,

    /// <summary>Handle; the offset is the new size. Not in xv6.</summary>
    Resize,

    /// <summary>Path.</summary>
    Unlink,

    /// <summary>Path; the other one is what it is called from now on. Not in xv6.</summary>
    Rename,

    /// <summary>Path.</summary>
    MakeDirectory,
}
