using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Tests;

public class StepConditionTests
{
    static bool Holds(string text, KernelFeatures features, bool spaceChanges = false) => StepCondition.Parse(text, out _)!.Holds(features, spaceChanges);

    [TestCase("kpti", true)]
    [TestCase("not kpti", false)]
    [TestCase("pcid", false)]
    [TestCase("not pcid", true)]
    [TestCase("kpti and not pcid", true)]
    [TestCase("kpti and pcid", false)]
    [TestCase("not pcid and not smp and kpti", true)]
    [TestCase("  kpti  and  not  pcid ", true)]
    public void A_condition_is_names_that_all_must_hold(string text, bool holds) =>
        Assert.That(Holds(text, new KernelFeatures { Kpti = true }), Is.EqualTo(holds));

    [Test]
    public void Each_name_asks_for_its_own_feature_and_no_other()
    {
        var builds = new Dictionary<string, KernelFeatures>
        {
            ["kpti"] = new() { Kpti = true },
            ["pcid"] = new() { Pcid = true },
            ["smp"] = new() { Smp = true },
            ["swapgs"] = new() { Swapgs = true },
            ["global-pages"] = new() { GlobalPages = true },
            ["fpu-ts"] = new() { Fpu = FpuPolicy.Flag },
            ["fpu-both"] = new() { Fpu = FpuPolicy.FlagBoth },
            ["fpu-eager"] = new() { Fpu = FpuPolicy.Eager },
        };
        foreach (var (name, features) in builds)
            Assert.That(StepCondition.Names.Where(other => Holds(other, features)), Is.EqualTo(new[] { name }));
        Assert.That(StepCondition.Names.Where(other => Holds(other, new KernelFeatures(), spaceChanges: true)), Is.EqualTo(new[] { "space-changes" }));
        Assert.That(StepCondition.Names, Is.EquivalentTo(builds.Keys.Append("space-changes")));
    }

    [TestCase(FpuPolicy.None, "")]
    [TestCase(FpuPolicy.Toggle, "fpu-ts")]
    [TestCase(FpuPolicy.Flag, "fpu-ts")]
    [TestCase(FpuPolicy.FlagBoth, "fpu-both")]
    [TestCase(FpuPolicy.Eager, "fpu-eager")]
    public void Both_policies_that_write_CR0_are_one_condition(FpuPolicy policy, string name) =>
        Assert.That(string.Join(' ', StepCondition.Names.Where(other => Holds(other, new KernelFeatures { Fpu = policy }))), Is.EqualTo(name));

    [TestCase("ktpi", "ktpi")]
    [TestCase("kpti and pcdi", "pcdi")]
    [TestCase("kpti or pcid", "kpti or pcid")]
    [TestCase("not not kpti", "not kpti")]
    [TestCase("KPTI", "KPTI")]
    [TestCase("kpti and ", "")]
    [TestCase("", "")]
    public void A_name_that_there_is_not_is_given_back(string text, string unknown)
    {
        Assert.That(StepCondition.Parse(text, out var name), Is.Null);
        Assert.That(name, Is.EqualTo(unknown));
    }

    [TestCase("kpti")]
    [TestCase("not kpti and space-changes")]
    public void A_condition_reads_as_it_was_written(string text) => Assert.That(StepCondition.Parse(text, out _)!.ToString(), Is.EqualTo(text));

    [Test]
    public void A_step_without_a_condition_always_applies()
    {
        foreach (var features in Shipped.Builds()) Assert.That(StepCondition.Always.Holds(features, spaceChanges: false));
        Assert.That(StepCondition.Always.ToString(), Is.Empty);
    }
}
