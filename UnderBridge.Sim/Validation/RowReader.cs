using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Validation;

/// <summary>
/// Reads the rows of the validation from the catalogue: groups of one machine and kernel, whose entries become one row a variant (with and without KPTI) or one row.
/// </summary>
sealed class RowReader
{
    const string Folder = "Validation", Plain = "";

    static readonly IReadOnlyList<string> Variants = [NoKpti, Kpti], Spaces = ["same", "other"];

    const string NoKpti = "no-kpti", Kpti = "kpti";

    readonly Catalogue catalogue;
    readonly YamlMap map;
    readonly List<RowSpec> rows = [];

    RowReader(Catalogue catalogue, YamlMap map)
    {
        this.catalogue = catalogue;
        this.map = map;
    }

    /// <summary>Every row, in the order of files and entries.</summary>
    /// <exception cref="InputException">A file is wrong.</exception>
    public static IReadOnlyList<RowSpec> Read(Catalogue catalogue)
    {
        var errors = new ErrorList();
        var rows = catalogue.Documents(Folder, errors).SelectMany(map => new RowReader(catalogue, map).Read()).ToList();
        errors.ThrowIfAny();
        return rows;
    }

    List<RowSpec> Read()
    {
        var id = map.Text("id");
        var title = map.Text("title");
        var machine = map.Choice("machine", catalogue.Machines.Keys, "machines");
        var kernel = ReadKernel();
        IReadOnlyList<string> variants = map.Has("variants") ? [.. map.List("variants").Select(variant => variant.Choice(Variants, "variants")).Where(variant => variant.Length > 0)] : [Plain];
        foreach (var entry in map.Map("rows").Entries) ReadEntry(entry, id, title, machine, kernel, variants);
        map.Close();
        return rows;
    }

    KernelSpec ReadKernel()
    {
        if (map.Required("kernel", "the name of a kernel, or a map of one that is here only") is not { } value) return None;
        if (!value.IsMap) return catalogue.Kernels.GetValueOrDefault(value.Choice(catalogue.Kernels.Keys, "kernels")) ?? None;
        var own = value.Map();
        var spec = new KernelSpec(map.FileStem, own.Text("title"), own.Text("version"), "", KernelReader.Features(own.Map("features"))) { Residuals = KernelReader.Residuals(own, map.FileStem) };
        own.Close();
        return spec;
    }

    static KernelSpec None => new("", "", "", "", new KernelFeatures());

    void ReadEntry(YamlValue entry, string id, string title, string machine, KernelSpec kernel, IReadOnlyList<string> variants)
    {
        var row = entry.Map();
        var quantity = row.Text("quantity");
        var path = catalogue.Paths.GetValueOrDefault(row.Choice("path", catalogue.Paths.Keys, "paths"));
        var leg = row.OptionalChoice<PathLeg>("leg") ?? PathLeg.Both;
        var same = row.Optional("space")?.Choice(Spaces) == "same";
        var causes = row.OptionalList("causes").Select(cause => cause.Choice<Cause>()).ToList();
        var over = row.OptionalText("over");
        var features = row.OptionalMap("features") is { } changes ? Change(kernel.Features, changes) : kernel.Features;
        var published = ByVariant(row, "published", variants, value => value.Known(catalogue.Bibliography.Published.Keys, "the id of a published number"));
        var gaps = ByVariant(row, "known-gap", variants, value => value.Text());
        row.Close();
        if (path is null) return;
        foreach (var variant in variants)
        {
            var build = kernel with { Features = variant == Plain ? features : features with { Kpti = variant == Kpti } };
            var setup = new Setup(machine, build, build.Over(same ? path with { Isolation = Isolation.None } : path)) { FixesKpti = variant != Plain };
            string Named(string key) => variant == Plain ? $"{id}/{key}" : $"{id}/{variant}/{key}";
            rows.Add(new RowSpec(Named(entry.Name), title, quantity, setup, leg, causes, catalogue.Bibliography.Published.GetValueOrDefault(published.GetValueOrDefault(variant, "")))
            {
                Over = over is null ? null : Named(over), KnownGap = gaps.GetValueOrDefault(variant, ""),
            });
        }
    }

    static KernelFeatures Change(KernelFeatures features, YamlMap map)
    {
        var changed = features with
        {
            Kpti = map.OptionalFlag("kpti") ?? features.Kpti,
            Pcid = map.OptionalFlag("pcid") ?? features.Pcid,
            Smp = map.OptionalFlag("smp") ?? features.Smp,
            Swapgs = map.OptionalFlag("swapgs") ?? features.Swapgs,
            Fpu = map.OptionalChoice<FpuPolicy>("fpu") ?? features.Fpu,
        };
        map.Close();
        return changed;
    }

    // One value where there is one variant, or a map of values by variant.
    static Dictionary<string, string> ByVariant(YamlMap row, string key, IReadOnlyList<string> variants, Func<YamlValue, string> read)
    {
        var values = new Dictionary<string, string>();
        if (row.Optional(key) is not { } value) return values;
        if (!value.IsMap)
        {
            if (variants.Count == 1) values[variants[0]] = read(value);
            else value.Refuse($"one value for '{key}' of {variants.Count} variants", $"a map with {YamlValue.OneOf(variants)}");
            return values;
        }
        foreach (var one in value.Map().Entries)
        {
            if (variants.Contains(one.Name)) values[one.Name] = read(one);
            else one.RefuseKey($"'{one.Name}' under '{key}'", YamlValue.OneOf(variants), Nearest.To(one.Name, variants));
        }
        return values;
    }
}
