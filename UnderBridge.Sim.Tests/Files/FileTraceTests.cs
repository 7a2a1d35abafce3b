using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Systems.Files;

namespace UnderBridge.Sim.Tests;

public class FileTraceTests
{
    static FileTrace Of(string strace, string? mount = "/") => FileTrace.Of(TraceFixture.Strace(strace, strace.Contains("(\"go\")", StringComparison.Ordinal) ? "(\"go\")" : null), mount);

    static (string Path, long Size, bool IsDirectory)[] FilesOf(FileTrace trace) =>
        [.. trace.Image.Files.Select(file => (trace.Paths[file.Path], file.Size, file.IsDirectory))];

    static FileOperation[] OperationsOf(FileTrace trace) => [.. trace.Requests.Select(request => (FileOperation)request.Operation)];

    [Test]
    public void File_systems_that_are_made_side_by_side_share_a_table_of_paths()
    {
        var paths = new PathTable();
        Assert.That(paths.NamesOf(paths.Add("/./a/..")).ToArray(), Is.EqualTo(new[] { 2, PathTable.Parent }), "the names of directories for themselves are there from the start");
        for (var n = 0; n < 50; n++)
        {
            var shared = new PathTable();
            var made = new Xv6FileSystem[8];
            Parallel.For(0, made.Length, i => made[i] = new Xv6FileSystem(new Xv6Options(), shared, FileImage.Empty));
            Assert.That(shared.NamesOf(shared.Add("/b")).ToArray(), Is.EqualTo(new[] { 2 }));
        }
    }

    [TestCase("a")]
    [TestCase("b")]
    [TestCase("c")]
    public void The_database_of_the_recorded_runs_is_on_disk_and_open_and_nothing_else_is(string workload)
    {
        var trace = FileTrace.Of(TraceFixture.Ycsb(workload));
        Assert.That(trace.Mount, Is.EqualTo("/dev/shm/y"));
        Assert.That(FilesOf(trace), Is.EqualTo(new[] { ("/t.db", 14_053_376L, false) }));
        Assert.That(trace.Image.Open, Is.EqualTo(new[] { new OpenHandle(trace.Requests[4].Subject, trace.Image.Files[0].Path) }));
    }

    [TestCase("newfstatat(AT_FDCWD, \"/f\", {st_mode=S_IFREG|0644, st_size=70, ...}, 0) = 0", 70)]
    [TestCase("stat(\"/f\", {st_mode=S_IFREG|0644, st_size=70, ...}) = 0", 70)]
    [TestCase("openat(AT_FDCWD, \"/f\", O_RDONLY) = 3", 0)]
    [TestCase("openat(AT_FDCWD, \"/f\", O_RDONLY) = 3\nread(3, \"\"..., 50) = 50\nread(3, \"\"..., 50) = 20", 70)]
    [TestCase("openat(AT_FDCWD, \"/f\", O_RDWR|O_CREAT, 0644) = 3\npread64(3, \"\"..., 50, 60) = 10", 70)]
    [TestCase("openat(AT_FDCWD, \"/f\", O_RDWR|O_CREAT, 0644) = 3\npwrite64(3, \"\"..., 50, 0) = 50\nfstat(3, {st_mode=S_IFREG|0644, st_size=70}) = 0", 70)]
    [TestCase("unlink(\"/f\") = 0", 0)]
    [TestCase("rename(\"/f\", \"/g\") = 0", 0)]
    public void A_file_that_is_found_was_there_and_as_large_as_it_is_seen_to_be(string strace, long size) =>
        Assert.That(FilesOf(Of(strace)), Is.EqualTo(new[] { ("/f", size, false) }));

    [TestCase("openat(AT_FDCWD, \"/f\", O_RDONLY) = -1 ENOENT (No such file or directory)")]
    [TestCase("stat(\"/f\", 0x7ff) = -1 ENOENT (No such file or directory)\nopenat(AT_FDCWD, \"/f\", O_RDWR|O_CREAT, 0644) = 3\nfstat(3, {st_size=9}) = 0")]
    [TestCase("openat(AT_FDCWD, \"/f\", O_RDWR|O_CREAT, 0644) = 3\npwrite64(3, \"\"..., 50, 0) = 50\npread64(3, \"\"..., 50, 0) = 50\nunlink(\"/f\") = 0")]
    [TestCase("openat(AT_FDCWD, \"/f\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3\nwrite(3, \"\"..., 50) = 50\nfstat(3, {st_size=50}) = 0")]
    [TestCase("creat(\"/f\", 0644) = 3\nwrite(3, \"\"..., 50) = 50\nfstat(3, {st_size=50}) = 0")]
    public void A_file_that_is_missed_or_made_was_not_there(string strace) => Assert.That(FilesOf(Of(strace)), Is.Empty);

    [Test]
    public void What_the_preamble_wrote_and_removed_is_known_when_measuring_begins()
    {
        var trace = Of("""
            openat(AT_FDCWD, "/kept", O_RDWR|O_CREAT, 0644) = 3
            write(3, ""..., 50) = 50
            openat(AT_FDCWD, "/gone", O_RDWR|O_CREAT, 0644) = 4
            close(4) = 0
            unlink("/gone") = 0
            openat(AT_FDCWD, "/unused", O_RDONLY) = 4
            access("go") = 0
            write(3, ""..., 50) = 50
            openat(AT_FDCWD, "/gone", O_RDWR|O_CREAT, 0644) = 5
            fstat(5, {st_size=0}) = 0
            """);
        Assert.That(FilesOf(trace), Is.EqualTo(new[] { ("/kept", 50L, false) }));
        Assert.That(trace.Image.Open.Single().Path, Is.EqualTo(trace.Image.Files[0].Path));
        Assert.That(trace.Requests[0], Is.EqualTo(new ServerRequest((int)FileOperation.Write, trace.Image.Open[0].Handle, trace.Image.Open[0].Handle, 50, 50)));
    }

    [Test]
    public void Reads_and_writes_without_an_offset_go_on_where_the_last_ended()
    {
        var trace = Of("""
            openat(AT_FDCWD, "/f", O_RDWR) = 3
            read(3, ""..., 100) = 60
            lseek(3, 10, SEEK_SET) = 10
            write(3, ""..., 5) = 5
            read(3, ""..., 7) = 7
            pread64(3, ""..., 7, 2) = 7
            read(3, ""..., 8) = 8
            """);
        Assert.That(trace.Requests.Where(r => (FileOperation)r.Operation is FileOperation.Read or FileOperation.Write).Select(r => (r.Offset, r.Length)),
            Is.EqualTo(new[] { (0L, 100), (10L, 5), (15L, 7), (2L, 7), (22L, 8) }));
    }

    [Test]
    public void An_appending_write_goes_to_the_end()
    {
        var trace = Of("openat(AT_FDCWD, \"/f\", O_WRONLY|O_APPEND) = 3\nfstat(3, {st_size=100}) = 0\nwrite(3, \"\"..., 5) = 5\nwrite(3, \"\"..., 5) = 5\n");
        Assert.That(trace.Requests.Skip(2).Select(request => request.Offset), Is.EqualTo(new[] { 100, 105 }));
    }

    [Test]
    public void A_duplicated_descriptor_is_the_same_handle_closed_with_the_last_of_them()
    {
        var trace = Of("openat(AT_FDCWD, \"/f\", O_RDWR) = 3\ndup(3) = 4\nfcntl(3, F_DUPFD, 0) = 5\nclose(3) = 0\npread64(4, \"\"..., 1, 0) = 1\nclose(4) = 0\nclose(5) = 0\n");
        Assert.That(OperationsOf(trace), Is.EqualTo(new[]
        {
            FileOperation.Open, FileOperation.Other, FileOperation.Other, FileOperation.Other, FileOperation.Read, FileOperation.Other, FileOperation.Close,
        }));
    }

    [TestCase("openat(3, \"f\", O_RDONLY) = 4")]
    [TestCase("openat(3</d>, \"f\", O_RDONLY) = 4")]
    [TestCase("openat(AT_FDCWD</d>, \"./f\", O_RDONLY) = 4</d/f>")]
    [TestCase("openat(AT_FDCWD, \"/d//x/../f\", O_RDONLY) = 4")]
    public void Paths_are_made_whole(string call)
    {
        var trace = Of("openat(AT_FDCWD, \"/d\", O_RDONLY|O_DIRECTORY) = 3\n" + call);
        Assert.That(FilesOf(trace), Is.EqualTo(new[] { ("/d", 0L, true), ("/d/f", 0L, false) }));
    }

    [Test]
    public void Calls_on_what_is_no_file_are_only_noted()
    {
        var trace = Of("write(2, \"\"..., 5) = 5\nread(7, \"\"..., 5) = -1 EAGAIN (Resource temporarily unavailable)\nclose(9) = 0\ngetpid() = 1\nclose(-1) = -1 EBADF (Bad file descriptor)\n");
        Assert.That(OperationsOf(trace), Has.All.EqualTo(FileOperation.Other));
    }

    [Test]
    public void A_disk_is_mounted_where_all_files_open_for_writing_are_and_holds_no_others()
    {
        var trace = Of("""
            openat(AT_FDCWD, "/home/u/x/a", O_RDWR|O_CREAT, 0644) = 3
            openat(AT_FDCWD, "/home/u/b", O_RDWR) = 4
            openat(AT_FDCWD, "/home/u/c", O_RDONLY) = 5
            openat(AT_FDCWD, "/dev/urandom", O_RDONLY) = 6
            openat(AT_FDCWD, "/home/u", O_RDONLY) = 7
            """, mount: null);
        Assert.That(trace.Mount, Is.EqualTo("/home/u"));
        Assert.That(FilesOf(trace), Is.EqualTo(new[] { ("/b", 0L, false), ("/c", 0L, false) }));
        Assert.That(trace.Paths[trace.Requests[4].Subject], Is.EqualTo("/"));
    }
}
