using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

/// <summary>A file system without a machine: requests are planned, and what the plans say is added up.</summary>
sealed class FileServer
{
    public const int AnyHandle = 3;
    readonly ServerPlan plan = new();

    public FileServer(Xv6Options options, PathTable paths, FileImage image)
    {
        Options = options;
        Paths = paths;
        System = new Xv6FileSystem(options, paths, image);
    }

    public FileServer(Xv6Options? options = null) : this(options ?? new Xv6Options(), new PathTable(), FileImage.Empty) { }

    public Xv6Options Options { get; }
    public PathTable Paths { get; }
    public Xv6FileSystem System { get; }
    public long Calls { get; private set; }
    public long Reads { get; private set; }
    public long Writes { get; private set; }
    public double BufferReads { get; private set; }
    public double BytesCopied { get; private set; }

    /// <summary>The blocks written by the last request, in order.</summary>
    public List<int> Written { get; } = [];

    public ServerPlan LastPlan => plan;

    public static FileTrace Fold(FileTrace trace, long bytes) => trace with
    {
        Requests = [.. trace.Requests.Select(request => request with { Offset = request.Offset % bytes })],
        Image = trace.Image with { Files = [.. trace.Image.Files.Select(file => file with { Size = Math.Min(file.Size, bytes) })] },
    };

    public static FileServer Replayed(Trace trace, Xv6Options options, CallTable table, Func<FileTrace, FileTrace>? change = null)
    {
        var files = FileTrace.Of(trace);
        if (change is not null) files = change(files);
        var server = new FileServer(options, files.Paths, files.Image);
        server.Replay(trace, files, table);
        return server;
    }

    public void Replay(Trace trace, FileTrace files, CallTable table)
    {
        for (var i = 0; i < trace.Calls.Count; i++)
        {
            if (!table.RouteOf(trace.Calls[i]).IsApp) Ask(files.Requests[i]);
        }
    }

    /// <summary>Blocks written by a request.</summary>
    public int Ask(FileOperation operation, string path, long offset = 0, int length = 0, int handle = AnyHandle, string? other = null)
    {
        var byPath = operation is FileOperation.Open or FileOperation.OpenEmpty or FileOperation.Create or FileOperation.CreateEmpty
            or FileOperation.Stat or FileOperation.Unlink or FileOperation.Rename or FileOperation.MakeDirectory;
        return Ask(new ServerRequest((int)operation, byPath ? Paths.Add(path) : handle, other is null ? handle : Paths.Add(other), offset, length));
    }

    public int Ask(in ServerRequest request)
    {
        plan.Clear();
        Written.Clear();
        System.Plan(request, plan);
        Calls++;
        for (var i = 0; i < plan.Count; i++) Add(plan[i]);
        return Written.Count;
    }

    void Add(in PlanAction action)
    {
        if (action.Kind == PlanKind.Work && action.Index == FilePrices.BufferRead) BufferReads += action.Quantity;
        if (action.Kind == PlanKind.Work && action.Index == FilePrices.CopyByte) BytesCopied += action.Quantity;
        if (action.Kind != PlanKind.Call) return;
        if ((DiskOperation)action.Request.Operation == DiskOperation.Read)
        {
            Reads++;
            return;
        }
        Writes++;
        Written.Add(action.Request.Subject);
    }
}
