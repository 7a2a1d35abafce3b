using System.CommandLine;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Units;

namespace UnderBridge.Cli;

/// <summary>Flags that turn a feature of a kernel on or off: <c>--kpti</c> and <c>--no-kpti</c>, and so on.</summary>
sealed class FeatureFlags
{
    static readonly IReadOnlyList<(string Name, string Title, Func<KernelFeatures, bool> Get, Func<KernelFeatures, bool, KernelFeatures> Set)> Features =
    [
        ("kpti", "separate page tables for user and kernel", features => features.Kpti, (features, on) => features with { Kpti = on }),
        ("pcid", "TLB entries tagged by process", features => features.Pcid, (features, on) => features with { Pcid = on }),
        ("global-pages", "the kernel mapped with the global bit", features => features.GlobalPages, (features, on) => features with { GlobalPages = on }),
        ("smp", "a build for several cores", features => features.Smp, (features, on) => features with { Smp = on }),
        ("swapgs", "per-core data found through GS", features => features.Swapgs, (features, on) => features with { Swapgs = on }),
    ];

    readonly List<(Option<bool> On, Option<bool> Off)> flags =
    [
        .. Features.Select(feature => (
            new Option<bool>($"--{feature.Name}") { Description = $"With {feature.Title}." },
            new Option<bool>($"--no-{feature.Name}") { Description = $"Without {feature.Title}." })),
    ];

    readonly Option<string?> fpu = new("--fpu") { HelpName = "POLICY", Description = "What a switch does with floating-point state: none, toggle, flag or eager." };

    public void AddTo(Command command)
    {
        foreach (var (on, off) in flags)
        {
            command.Add(on);
            command.Add(off);
        }
        command.Add(fpu);
    }

    /// <summary>The features with those changed that the command line speaks of.</summary>
    public KernelFeatures Over(KernelFeatures features, ParseResult parsed, ErrorList errors)
    {
        for (var i = 0; i < flags.Count; i++)
        {
            var (on, off) = (parsed.GetValue(flags[i].On), parsed.GetValue(flags[i].Off));
            if (on && off) errors.Add(flags[i].On.Name, $"{flags[i].Off.Name} beside it", "one of them");
            else if (on || off) features = Features[i].Set(features, on);
        }
        if (parsed.GetValue(fpu) is not { } policy) return features;
        if (Kebab.TryParse<FpuPolicy>(policy, out var known)) return features with { Fpu = known };
        var names = Enum.GetValues<FpuPolicy>().Select(Kebab.Of).ToList();
        errors.Add(fpu.Name, $"'{policy}'", Words.OneOf(names), Nearest.To(policy, names));
        return features;
    }

    /// <summary>As <c>kpti, pcid, fpu eager</c>: those that are on.</summary>
    public static string Text(KernelFeatures features) =>
        string.Join(", ", Features.Select(feature => feature.Get(features) ? feature.Name : $"no {feature.Name}").Append($"fpu {Kebab.Of(features.Fpu)}"));
}
