using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Units;

namespace UnderBridge.Cli;

/// <summary><c>explain</c>: a path step by step, or a number with the reason to believe it.</summary>
sealed class ExplainCommand(Terminal terminal, Catalogue catalogue, HardwareProfile machine)
{
    /// <summary>The kernel of paths that no other kernel's name begins.</summary>
    const string DefaultKernel = "chcore";

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "A path such as underbridge-gate, or a number such as machine.wrpkru." };
        var machine = new Option<string>("--machine") { HelpName = "NAME", DefaultValueFactory = _ => CatalogueNumbers.DefaultMachine, Description = "The machine whose prices hold." };
        var kernel = new Option<string?>("--kernel") { HelpName = "NAME", Description = "The kernel whose features hold [default: the path's own, else chcore]." };
        var features = new FeatureFlags();
        var command = new Verb("explain", "Show the steps of a path with their cycles, grades and sources, or where a number comes from.",
            $"{Tool.Name} explain underbridge-gate",
            $"{Tool.Name} explain sel4-fastpath --kpti --no-pcid",
            $"{Tool.Name} explain machine.wrpkru") { name, machine, kernel };
        features.AddTo(command);
        command.SetAction(parsed =>
        {
            var errors = new ErrorList();
            var catalogue = Flags.Catalogue(parsed, errors);
            var profile = Find(catalogue.Machines, parsed.GetValue(machine)!, machine.Name, errors);
            var spec = parsed.GetValue(kernel) is { } named ? Find(catalogue.Kernels, named, kernel.Name, errors) : null;
            errors.ThrowIfAny();
            var explain = new ExplainCommand(terminal, catalogue, profile!);
            return explain.Explain(parsed.GetValue(name)!, spec, defaults => features.Over(defaults, parsed, errors), errors);
        });
        return command;
    }

    static T? Find<T>(IReadOnlyDictionary<string, T> entries, string name, string place, ErrorList errors) where T : class
    {
        if (entries.TryGetValue(name, out var entry)) return entry;
        errors.Add(place, $"'{name}'", Words.OneOf(entries.Keys), Nearest.To(name, entries.Keys));
        return null;
    }

    int Explain(string name, KernelSpec? kernel, Func<KernelFeatures, KernelFeatures> changes, ErrorList errors)
    {
        var numbers = CatalogueNumbers.Of(catalogue, machine);
        if (catalogue.Paths.TryGetValue(name, out var path))
        {
            kernel ??= KernelOf(path);
            path = kernel.Over(path);
            var features = changes(kernel.Features with { Kpti = kernel.Features.Kpti || NeedsKpti(path) });
            errors.ThrowIfAny();
            return Explain(path, kernel, features);
        }
        if (!numbers.TryGetValue(name, out var number))
        {
            var elsewhere = catalogue.Machines.Values.Where(other => CatalogueNumbers.Of(catalogue, other).ContainsKey(name)).Select(other => other.Name).ToList();
            if (elsewhere.Count > 0) errors.Add("explain", $"'{name}', which {machine.Name} does not have", $"--machine {Words.OneOf(elsewhere)}");
            else errors.Add("explain", $"'{name}'", "a path (`list paths`) or a number such as machine.wrpkru", Nearest.To(name, catalogue.Paths.Keys.Concat(numbers.Keys)));
        }
        errors.ThrowIfAny();
        Explain(number!);
        return ExitCode.Ok;
    }

    KernelSpec KernelOf(IpcPath path) =>
        catalogue.Kernels.Values.FirstOrDefault(kernel => path.Name.StartsWith($"{kernel.Name}-", StringComparison.Ordinal)) ?? catalogue.Kernels[DefaultKernel];

    bool NeedsKpti(IpcPath path) => catalogue.Designs.Values.Any(design => design.NeedsKpti && (design.AppPath == path.Name || design.ServerPath == path.Name));

    int Explain(IpcPath path, KernelSpec kernel, KernelFeatures features)
    {
        var program = StepProgram.Compile(path, features, machine, new Provenance(), footprints: null);
        var steps = program.Call.Concat(program.Reply).ToList();
        var numbers = steps.Select(step => step.Number).OfType<ISourced>().DistinctBy(number => number.Name).ToList();
        terminal.WriteProse($"{path.Title}: from {Spaced(path.Caller)} to {Spaced(path.Callee)}, {(path.Isolation == Isolation.None ? "not isolated" : $"isolated by {Spaced(path.Isolation)}")}.");
        terminal.WriteProse($"On {machine.Title}, with the features of {kernel.Title}: {FeatureFlags.Text(features)}.");
        terminal.Output.WriteLine();
        var table = PathExplanation.Of(path, features, machine);
        var source = table.Columns.ToList().FindIndex(column => column.Name == "source");
        var rows = table.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select((cell, i) => i == source ? cell.Split(", ")[0] : cell)]);
        terminal.Write(new Table("", table.Columns, [.. rows]).Without("note"), "footprint", "when", "number", "cause");
        terminal.Output.WriteLine($"Round trip  {Text(program.RoundTripPrice)} cycles on a warm core, without refills");
        terminal.Output.WriteLine($"By grade    {ByGrade(steps, program.RoundTripPrice)}");
        var faults = PathVerifier.Verify(path, features, machine);
        terminal.Output.WriteLine($"Verifier    {(faults.Count == 0 ? "accepts it" : "refuses it")}");
        foreach (var fault in faults) terminal.WriteProse($"{fault}", 4, "  ");
        WriteSources(numbers);
        return ExitCode.Ok;
    }

    static string ByGrade(List<CompiledStep> steps, double total) => string.Join(", ", steps.Where(step => step.Number is not null).GroupBy(step => step.Number!.Grade).OrderBy(grade => grade.Key)
        .Select(grade => (grade.Key, Cycles: grade.Sum(step => step.Cycles)))
        .Select(grade => $"{Kebab.Of(grade.Key)} {Text(grade.Cycles)} ({(100 * grade.Cycles / total).ToString("0.#", CultureInfo.InvariantCulture)} %)"));

    void WriteSources(List<ISourced> numbers)
    {
        terminal.Output.WriteLine();
        foreach (var number in numbers) terminal.WriteProse($"{ValueOf(number)}, {Kebab.Of(number.Grade)}, {number.Source}{(number.Note.Length == 0 ? "" : $": {number.Note}")}", 2);
        terminal.Output.WriteLine();
        foreach (var source in numbers.Select(number => number.Source.Key).Distinct()) terminal.WriteProse($"{source}: {SourceText(source)}", 2);
    }

    void Explain(ISourced number)
    {
        terminal.Output.WriteLine(ValueOf(number));
        void Line(string label, string text)
        {
            if (text.Length > 0) terminal.WriteProse(text, 12, $"  {label,-9} ");
        }

        Line("grade", Kebab.Of(number.Grade));
        Line("source", $"{number.Source}");
        Line("", SourceText(number.Source.Key));
        if (number.RestsOn is { } id && catalogue.Bibliography.Published.TryGetValue(id, out var published))
            Line("rests on", $"{id}: {Text(published.Value)} {published.Unit}, {published.Source} ({published.Conditions})");
        Line("note", number.Note);
    }

    string SourceText(string key) =>
        catalogue.Bibliography.Sources.TryGetValue(key, out var source) ? string.Join(". ", new[] { source.Title, source.Venue, source.Url }.Where(part => part.Length > 0)) : key;

    /// <summary>As <c>machine.cr3-write = 186 cycles (125 .. 231)</c>.</summary>
    static string ValueOf(ISourced number)
    {
        var range = number.LowNumber == number.HighNumber ? "" : $" ({Text(number.LowNumber)} .. {Text(number.HighNumber)})";
        return $"{number.Name} = {Text(number.Number)} {number.Unit}{range}";
    }

    static string Spaced<TEnum>(TEnum value) where TEnum : struct, Enum => Kebab.Of(value).Replace('-', ' ');

    static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
