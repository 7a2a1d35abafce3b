using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Catalog;

/// <summary>Reads a path: its two ends, numbers, footprints, and the steps of both legs.</summary>
sealed class PathReader
{
    readonly YamlMap map;
    readonly Func<string, IpcPath?> others;
    readonly Dictionary<string, IReadOnlyDictionary<string, Sourced<double>>> numbers = new(StringComparer.Ordinal);
    readonly Dictionary<string, PathFootprint> footprints = new(StringComparer.Ordinal);

    PathReader(YamlMap map, Func<string, IpcPath?> others)
    {
        this.map = map;
        this.others = others;
    }

    /// <summary>Reads the map of a file; <paramref name="others"/> finds the paths that its steps include, null when there is none of that name.</summary>
    public static IpcPath Read(YamlMap map, Func<string, IpcPath?> others)
    {
        var reader = new PathReader(map, others);
        return reader.Read();
    }

    IpcPath Read()
    {
        var title = map.Text("title");
        var caller = map.Choice<Placement>("caller");
        var callee = map.Choice<Placement>("callee");
        var isolation = map.Choice<Isolation>("isolation");
        ReadNumbers();
        ReadFootprints();
        var call = ReadLeg("call", path => path.Call);
        var reply = ReadLeg("reply", path => path.Reply);
        map.Close();
        return new IpcPath
        {
            Name = map.FileStem, Title = title, Caller = caller, Callee = callee, Isolation = isolation, Call = call, Reply = reply,
            Numbers = numbers, Footprints = footprints, File = map.File,
        };
    }

    void ReadNumbers()
    {
        foreach (var number in map.OptionalMap("numbers")?.Entries ?? [])
        {
            var name = $"{map.FileStem}.{number.Name}";
            numbers.Add(number.Name, number.Map().Entries.ToDictionary(machine => machine.Name, machine => machine.Sourced(name, "cycles")));
        }
    }

    void ReadFootprints()
    {
        foreach (var entry in map.OptionalMap("footprints")?.Entries ?? [])
        {
            var footprint = entry.Map();
            var size = PageSizes.Parse(footprint.Choice("pages", PageSizes.All.Select(size => size.Text()), "page sizes")) ?? PageSize.Small;
            var user = footprint.Choice("where", ["kernel", "process"]) == "process";
            var counts = FootprintCounts.Read(footprint, $"{map.FileStem}.{entry.Name}", mayBranch: true);
            footprint.Close();
            footprints.Add(entry.Name, new PathFootprint(
                entry.Name, counts.CodeLines, counts.CodePages, counts.DataLines, counts.DataPages, size, user) { Branches = counts.Branches });
        }
    }

    List<Step> ReadLeg(string key, Func<IpcPath, IReadOnlyList<Step>> sameLeg)
    {
        var steps = new List<Step>();
        foreach (var item in map.List(key))
        {
            if (item.IsMap && item.Map().Has("path")) steps.AddRange(Include(item, sameLeg));
            else if (ReadStep(item) is { } step) steps.Add(step);
        }
        return steps;
    }

    IReadOnlyList<Step> Include(YamlValue item, Func<IpcPath, IReadOnlyList<Step>> sameLeg)
    {
        var include = item.Map();
        var name = include.Text("path");
        include.Close();
        if (others(name) is not { } path)
        {
            item.Refuse($"the path '{name}'", "the name of a path of the catalogue");
            return [];
        }
        foreach (var (key, number) in path.Numbers) numbers.TryAdd(key, number);
        foreach (var (key, footprint) in path.Footprints) footprints.TryAdd(key, footprint);
        return sameLeg(path);
    }

    static Step? ReadStep(YamlValue item)
    {
        if (item.IsScalar) return new Step(item.Choice<StepKind>(), StepTarget.None, null, StepCondition.Always, null, item.Line);
        var step = item.Map();
        var kind = step.Choice<StepKind>("step");
        var target = kind.NeedsTarget() ? step.Choice<StepTarget>("target") : StepTarget.None;
        var price = step.OptionalText("price");
        var when = ReadCondition(step);
        var footprint = step.OptionalText("footprint");
        step.Close();
        return step.IsBroken ? null : new Step(kind, target, price, when, footprint, item.Line);
    }

    static StepCondition ReadCondition(YamlMap step)
    {
        if (step.Optional("when") is not { } value) return StepCondition.Always;
        if (StepCondition.Parse(value.Text(), out var unknown) is { } condition) return condition;
        value.Refuse($"the condition '{unknown}'", $"names joined by 'and', each one of {string.Join(", ", StepCondition.Names)}, or 'not' before it",
            Nearest.To(unknown!, StepCondition.Names));
        return StepCondition.Always;
    }
}
