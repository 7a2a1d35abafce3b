using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Validation;

/// <summary>A number to solve for: its stable name, the machine whose value it is, the number as committed, and the range to stay in.</summary>
sealed record Parameter(string Name, string Machine, Sourced<double> Committed, double Low, double High)
{
    public override string ToString() => $"{Name} on {Machine}";
}

/// <summary>Which numbers of the catalogue to solve for, and the published numbers that the simulation should then meet.</summary>
sealed record CalibrationTargets(string File, IReadOnlyList<Parameter> Parameters, IReadOnlyList<RowSpec> Targets)
{
    /// <summary>Reads a file of <c>parameters</c> and <c>targets</c>; a target is the id of a published number that a row of the validation simulates.</summary>
    /// <exception cref="InputException">The file is wrong; the message has everything that is.</exception>
    public static CalibrationTargets Read(string path, Catalogue catalogue, IReadOnlyList<RowSpec> rows, ErrorList errors)
    {
        var map = YamlDocument.Read(path, errors, catalogue.Bibliography);
        var numbers = Numbers(rows, catalogue);
        var parameters = map.List("parameters").Select(item => ReadParameter(item, catalogue, numbers)).OfType<Parameter>().ToList();
        var targets = map.List("targets").Select(item => ReadTarget(item, catalogue, rows)).OfType<RowSpec>().ToList();
        foreach (var twice in parameters.GroupBy(parameter => parameter.ToString()).Where(same => same.Count() > 1)) map.Refuse($"{twice.Key} twice", "each parameter once");
        foreach (var twice in targets.GroupBy(target => target.Id).Where(same => same.Count() > 1)) map.Refuse($"{twice.First().Published!.Id} twice", "each target once");
        map.Close();
        if (errors.Count == 0 && parameters.Count > targets.Count)
            map.Refuse($"{parameters.Count} parameters for {targets.Count} published numbers", "at most as many parameters as targets, else any value fits");
        errors.ThrowIfAny();
        return new CalibrationTargets(path, parameters, targets);
    }

    // Every number that a row may rest on, by name and machine.
    static Dictionary<(string Name, string Machine), Sourced<double>> Numbers(IReadOnlyList<RowSpec> rows, Catalogue catalogue)
    {
        var numbers = new Dictionary<(string, string), Sourced<double>>();
        foreach (var byMachine in rows.SelectMany(row => row.Setup.Path.Numbers.Values).SelectMany(byMachine => byMachine)) numbers.TryAdd((byMachine.Value.Name, byMachine.Key), byMachine.Value);
        foreach (var machine in catalogue.Machines.Values)
            foreach (var price in machine.Prices.Values) numbers.TryAdd((price.Name, machine.Name), price);
        return numbers;
    }

    static Parameter? ReadParameter(YamlValue item, Catalogue catalogue, Dictionary<(string Name, string Machine), Sourced<double>> numbers)
    {
        var map = item.Map();
        var name = map.Required("number", "the name of a number")?.Known(numbers.Keys.Select(key => key.Name).Distinct(), "the name of a number that a row of the validation uses") ?? "";
        var machine = map.Choice("machine", catalogue.Machines.Keys.Append("any"), "machines");
        var range = map.Optional("range")?.List();
        if (range is not null && range.Count != 2) map.Refuse($"a range of {range.Count} numbers", "[low, high]");
        var ends = range is { Count: 2 } ? (Low: range[0].Number(), High: range[1].Number()) : ((double Low, double High)?)null;
        map.Close();
        if (name.Length == 0 || machine.Length == 0) return null;
        if (!numbers.TryGetValue((name, machine), out var committed))
        {
            item.Refuse($"no '{name}' of {machine}", YamlValue.OneOf(numbers.Keys.Where(key => key.Name == name).Select(key => key.Machine)));
            return null;
        }
        var (low, high) = ends ?? (committed.Low, committed.High);
        if (low < high) return new Parameter(name, machine, committed, low, high);
        item.Refuse(FormattableString.Invariant($"the range [{low}, {high}] for '{name}'"), "a range to search, low below high");
        return null;
    }

    // Of several rows that are held against one publication, the one that was fitted to it.
    static RowSpec? ReadTarget(YamlValue item, Catalogue catalogue, IReadOnlyList<RowSpec> rows)
    {
        var known = rows.Where(row => row.Published is not null).ToList();
        var id = item.Known(known.Select(row => row.Published!.Id), "the id of a published number that a row of the validation simulates");
        var candidates = known.Where(row => row.Published!.Id == id).ToList();
        return candidates.FirstOrDefault(row => row.Prices(catalogue).Any(number => number.RestsOn == id)) ?? candidates.FirstOrDefault();
    }
}
