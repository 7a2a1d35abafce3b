using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class AtomicFileTests
{
    const int NoSpace = 28, ReadOnly = 30;

    [Test]
    public void A_file_replaces_the_older_one_and_leaves_nothing_else_behind()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a.csv"], "old");
        AtomicFile.Write(folder["a.csv"], "ünew\n");
        Assert.That(File.ReadAllBytes(folder["a.csv"]), Is.EqualTo("ünew\n"u8.ToArray()));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Missing_folders_are_made()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(Path.Combine(folder.Path, "one", "two", "a.csv"), "x");
        Assert.That(File.ReadAllText(Path.Combine(folder.Path, "one", "two", "a.csv")), Is.EqualTo("x"));
    }

    [Test]
    public void A_file_where_a_folder_should_be_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["plots"], "");
        var path = Path.Combine(folder.Path, "plots", "deep", "results.csv");
        Assert.That(() => AtomicFile.Write(path, "x"),
            Throws.TypeOf<UnwritableFileException>().With.Message.EqualTo($"cannot write {path}: {folder["plots"]} is a file, not a folder"));
    }

    [Test]
    public void A_folder_where_the_file_should_be_is_named_and_kept()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["results.csv"]);
        Assert.That(() => AtomicFile.Write(folder["results.csv"], "x"),
            Throws.TypeOf<UnwritableFileException>().With.Message.EqualTo($"cannot write {folder["results.csv"]}: it is a folder"));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Is.EqualTo(new[] { folder["results.csv"] }));
    }

    [TestCase(NoSpace, "no space left on the disk")]
    [TestCase(ReadOnly, "the file system is read-only")]
    public void A_disk_that_takes_no_more_is_told_in_one_line(int error, string reason)
    {
        var failure = new UnwritableFileException("plots/a.csv", new IOException("something longer", error));
        Assert.That(failure.Message, Is.EqualTo($"cannot write plots/a.csv: {reason}"));
        Assert.That(failure, Is.InstanceOf<IOException>());
    }

    [Test]
    public void A_lack_of_permission_is_told_in_one_line() =>
        Assert.That(new UnwritableFileException("plots/a.csv", new UnauthorizedAccessException()).Message, Is.EqualTo("cannot write plots/a.csv: permission denied"));
}
