using UnderBridge.Cli;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

/// <summary>What samples/extension adds to the catalogue runs with the tool as it is.</summary>
public class ExtensionTests
{
    static readonly string sample = Path.Combine(Repository.Root, "samples", "extension");

    [Test]
    public void A_new_kernel_on_a_new_CPU_by_a_new_path_costs_what_its_files_say()
    {
        using var folder = new TemporaryFolder();
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = Tool.Invoke(["run", Path.Combine(sample, "example-kernel.yaml"), "--catalog", Path.Combine(sample, "catalog"), "--out", folder.Path], new Terminal(output, error));
        Assert.That((exit, error.ToString()), Is.EqualTo((0, "")));
        var trips = File.ReadAllLines(Path.Combine(folder.Path, "example-kernel", "results.csv")).Where(line => line.Contains(",round-trip,", StringComparison.Ordinal)).ToList();
        Assert.That(trips, Has.Count.EqualTo(3));
        // A leg: the pair of system call and return 60, logic 100, and one CR3 write of 100, or two under KPTI.
        const int leg = 60 + 100 + 100;
        Assert.That(trips[0], Does.Contain($",round-trip,cycles,{2 * leg},"));
        Assert.That(trips[1], Does.Contain($",round-trip,cycles,{2 * (leg + 100)},"));
        // The gate costs 109 with two WRPKRU of 28, which are 12 here.
        Assert.That(trips[2], Does.Contain($",round-trip,cycles,{109 - 2 * (28 - 12)},"));
    }

    [Test]
    public void The_sample_lies_over_the_catalogue_and_takes_nothing_away()
    {
        var (built, laid) = (Shipped.Catalogue, Catalogue.Load(Path.Combine(sample, "catalog")));
        Assert.That(laid.Machines.Keys.Except(built.Machines.Keys), Is.EqualTo(new[] { "example-cpu" }));
        Assert.That(laid.Kernels.Keys.Except(built.Kernels.Keys), Is.EqualTo(new[] { "example-kernel" }));
        Assert.That(laid.Paths.Keys.Except(built.Paths.Keys), Is.EqualTo(new[] { "example-ipc" }));
        Assert.That(built.Machines.Keys.Except(laid.Machines.Keys), Is.Empty);
    }
}
