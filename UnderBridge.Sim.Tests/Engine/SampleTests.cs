using System.Globalization;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

/// <summary>
/// The samples about the engine and about extending the library say what was reviewed: Golden/Samples holds their output. After a change that is meant, write it again with
/// <c>dotnet run samples/NAME.cs > UnderBridge.Sim.Tests/Golden/Samples/NAME.txt</c>.
/// </summary>
[NonParallelizable]
[SetCulture("en-US")]
public class SampleTests
{
    static readonly string[] names = ["bank-renege", "bursty-arrivals", "gas-station", "key-value-server", "machine-shop", "own-machine"];
    static readonly Dictionary<string, string> outputs = [];

    [TestCaseSource(nameof(names))]
    public void A_sample_prints_what_was_reviewed(string name) => Assert.That(
        Output(name), Is.EqualTo(File.ReadAllText(Path.Combine(Repository.Root, "UnderBridge.Sim.Tests", "Golden", "Samples", $"{name}.txt"))));

    [Test]
    public void Every_reviewed_output_has_its_sample() => Assert.That(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "UnderBridge.Sim.Tests", "Golden", "Samples")).Select(Path.GetFileNameWithoutExtension), Is.EquivalentTo(names));

    [Test]
    public void The_bank_that_nobody_leaves_is_an_M_M_1_queue()
    {
        var (simulated, theory) = (Row("bank-renege", "endless"), Row("bank-renege", "theory"));
        Assert.That(theory, Is.EqualTo(new[] { 0.0, 9.0 }), "1.5 services of 6 minutes are ahead of who comes to a counter that is busy 0.6 of the time");
        Assert.That(simulated[0], Is.Zero);
        // Three standard errors of the mean of 50,000 customers who resemble their neighbours.
        Assert.That(simulated[1], Is.EqualTo(theory[1]).Within(0.75));
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(20)]
    public void The_bank_loses_as_many_customers_as_the_theory_of_impatience_says(double patience)
    {
        // Palm's queue, M/M/1+M: with n customers there, one is served, and the n - 1 others lose patience.
        const double Gap = 10, Service = 6;
        var (weight, sum, waiting) = (1.0, 1.0, 0.0);
        for (var n = 1; n < 200; n++)
        {
            weight *= 1 / Gap / (1 / Service + (n - 1) / patience);
            (sum, waiting) = (sum + weight, waiting + (n - 1) * weight);
        }
        Assert.That(Row("bank-renege", $"{patience} ")[0], Is.EqualTo(100 * waiting / sum / patience * Gap).Within(0.5));
    }

    [TestCase("1")]
    [TestCase("2")]
    [TestCase("3")]
    public void The_machines_are_at_work_as_often_as_the_theory_of_machine_repair_says(string repairmen)
    {
        var row = Row("machine-shop", repairmen);
        Assert.That(row[2], Is.EqualTo(row[3]).Within(0.5), "per cent");
        Assert.That(row[0], Is.EqualTo(row[2] / 100 * 10 * 7 * 24 * 60 / 10).Within(0.5).Percent, "parts of ten minutes each, while a machine works");
    }

    [TestCase("25")]
    [TestCase("50")]
    [TestCase("75")]
    public void The_gas_station_neither_makes_nor_loses_fuel(string callAt) => Assert.That(Row("gas-station", callAt)[^1], Is.Zero);

    /// <summary>The numbers after the first column in the last line that begins so.</summary>
    static double[] Row(string name, string start)
    {
        var line = Output(name).Split('\n').Last(line => $"{line.TrimStart()} ".StartsWith(start, StringComparison.Ordinal));
        return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
    }

    static string Output(string name)
    {
        if (!outputs.TryGetValue(name, out var known))
            outputs[name] = known = CompiledProgram.Output(name, File.ReadAllText(Path.Combine(Repository.Root, "samples", $"{name}.cs")));
        return known;
    }
}
