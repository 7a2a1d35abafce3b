using CsCheck;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Tests;

public class Xv6PropertyTests
{
    static readonly string[] Names = ["/a", "/b", "/d/a", "/d/b", "/d"];
    static readonly FileOperation[] Operations = Enum.GetValues<FileOperation>();

    static readonly Gen<Xv6Options> AnyOptions = Gen.Select(Gen.OneOf(Gen.Const(512), Gen.Const(1024), Gen.Const(4096)), Gen.Int[1, 3], Gen.Int[20, 40], Gen.Bool, Gen.Bool).Select(
        (block, levels, buffers, log, always) => new Xv6Options
        {
            BlockSize = block, IndirectLevels = levels, Buffers = buffers, Log = log, DiskBlocks = 8192, FreeBelowImage = 0,
            InodeUpdate = always ? InodeUpdate.Always : InodeUpdate.OnGrowth,
        });

    readonly record struct Request(FileOperation Operation, int Name, int Other, int Handle, int Offset, int Length);

    static readonly Gen<Request> AnyRequest = Gen.Select(
        Gen.Int[0, Operations.Length - 1].Select(i => Operations[i]), Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 60_000], Gen.Int[0, 9000]).Select(
        (operation, name, other, handle, offset, length) => new Request(operation, name, other, handle, offset, length));

    static void Ask(FileServer server, Request request) => server.Ask(
        request.Operation, Names[request.Name], request.Offset, request.Length, request.Handle,
        request.Operation == FileOperation.Rename ? Names[request.Other] : null);

    static void Sample(Action<FileServer, Request[]> property) => Gen.Select(AnyOptions, AnyRequest.Array[1, 60]).Sample(
        (options, requests) => property(new FileServer(options), requests), iter: 300);

    [Test]
    public void Every_block_is_owned_once_or_free() => Sample((server, requests) =>
    {
        foreach (var request in requests) Ask(server, request);
        var owned = server.System.Inodes.All.Where(inode => inode.Type != InodeType.Free).SelectMany(server.System.Map.Owned).ToList();
        Assert.That(owned, Is.Unique);
        Assert.That(owned, Has.All.GreaterThanOrEqualTo(server.Options.DataStart));
        var taken = Enumerable.Range(server.Options.DataStart, server.Options.DiskBlocks - server.Options.DataStart).Where(server.System.Bitmap.IsTaken);
        Assert.That(owned.Order(), Is.EqualTo(taken));
    });

    [Test]
    public void The_cache_never_holds_more_than_its_buffers_and_pins_none_between_requests() => Sample((server, requests) =>
    {
        foreach (var request in requests)
        {
            Ask(server, request);
            Assert.That(server.System.Cache.Filled, Is.LessThanOrEqualTo(server.Options.Buffers));
            Assert.That(server.System.Cache.InUse, Is.Zero);
        }
    });

    [Test]
    public void A_commit_of_n_blocks_writes_n_log_blocks_the_header_n_home_blocks_and_the_header() => Sample((server, requests) =>
    {
        if (!server.Options.Log) return;
        foreach (var request in requests)
        {
            Ask(server, request);
            AssertCommits(server.Written);
        }
    });

    static void AssertCommits(List<int> written)
    {
        const int header = Xv6Options.LogStart;
        for (var at = 0; at < written.Count;)
        {
            var n = written.IndexOf(header, at) - at;
            Assert.That(n, Is.GreaterThan(0));
            Assert.That(written.GetRange(at, n), Is.EqualTo(Enumerable.Range(header + 1, n)), "log blocks in order");
            var home = written.GetRange(at + n + 1, n);
            Assert.That(home, Is.Unique, "absorbed");
            Assert.That(home, Has.All.GreaterThan(header + n));
            Assert.That(written[at + (2 * n) + 1], Is.EqualTo(header));
            at += (2 * n) + 2;
        }
    }

    [Test]
    public void Files_have_the_sizes_and_directories_the_names_that_a_plain_model_gives_them() => Sample((server, requests) =>
    {
        var model = new FileModel();
        foreach (var request in requests)
        {
            if (request.Operation is FileOperation.Rename) continue;
            Ask(server, request);
            model.Ask(request.Operation, Names[request.Name], request.Handle, request.Offset, request.Length);
        }
        foreach (var name in Names) Assert.That(SizeOf(server, name), Is.EqualTo(model.SizeOf(name)), name);
    });

    [Test]
    public void A_renamed_file_keeps_its_blocks_and_replaces_the_one_it_is_named_after()
    {
        var server = new FileServer();
        server.Ask(FileOperation.Create, "/a");
        server.Ask(FileOperation.Write, "/a", 0, 3000);
        server.Ask(FileOperation.Create, "/b", handle: 4);
        server.Ask(FileOperation.Write, "/b", 0, 100, handle: 4);
        server.Ask(FileOperation.Close, "/b", handle: 4);
        server.Ask(FileOperation.Rename, "/a", other: "/b");
        Assert.That((SizeOf(server, "/a"), SizeOf(server, "/b")), Is.EqualTo(((long?)null, (long?)3000)));
    }

    static long? SizeOf(FileServer server, string path)
    {
        var inode = server.System.Inodes[Xv6Options.RootInode];
        foreach (var name in server.Paths.NamesOf(server.Paths.Add(path)))
        {
            var slot = inode.Entries.FindIndex(entry => entry.Inode != 0 && entry.Name == name);
            if (slot < 0 || inode.Type != InodeType.Directory) return null;
            inode = server.System.Inodes[inode.Entries[slot].Inode];
        }
        return inode.Type == InodeType.Directory ? 0 : inode.Size;
    }

    /// <summary>What files are, without blocks.</summary>
    sealed class FileModel
    {
        sealed class Node
        {
            public long Size { get; set; }
            public bool IsDirectory { get; init; }
        }

        readonly Dictionary<string, Node> nodes = new() { [""] = new Node { IsDirectory = true } };
        readonly Dictionary<int, Node> handles = [];

        public long? SizeOf(string path) => nodes.TryGetValue(path, out var node) ? node.IsDirectory ? 0 : node.Size : null;

        public void Ask(FileOperation operation, string path, int handle, long offset, int length)
        {
            switch (operation)
            {
                case FileOperation.Open: Open(path, handle, create: false, empty: false); break;
                case FileOperation.OpenEmpty: Open(path, handle, create: false, empty: true); break;
                case FileOperation.Create: Open(path, handle, create: true, empty: false); break;
                case FileOperation.CreateEmpty: Open(path, handle, create: true, empty: true); break;
                case FileOperation.MakeDirectory: Make(path, isDirectory: true); break;
                case FileOperation.Close: handles.Remove(handle); break;
                case FileOperation.Write when FileOf(handle) is { } file && length > 0: file.Size = Math.Max(file.Size, offset + length); break;
                case FileOperation.Resize when FileOf(handle) is { } file: file.Size = offset; break;
                case FileOperation.Unlink: Unlink(path); break;
            }
        }

        Node? FileOf(int handle) => handles.TryGetValue(handle, out var node) && !node.IsDirectory ? node : null;

        void Open(string path, int handle, bool create, bool empty)
        {
            if (create) Make(path, isDirectory: false);
            if (!nodes.TryGetValue(path, out var node)) return;
            if (empty) node.Size = 0;
            handles[handle] = node;
        }

        void Make(string path, bool isDirectory)
        {
            var parent = path[..path.LastIndexOf('/')];
            if (nodes.TryGetValue(parent, out var above) && above.IsDirectory) nodes.TryAdd(path, new Node { IsDirectory = isDirectory });
        }

        void Unlink(string path)
        {
            if (!nodes.Keys.Any(other => other.StartsWith(path + "/", StringComparison.Ordinal))) nodes.Remove(path);
        }
    }
}
