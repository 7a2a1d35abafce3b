using System.Security.Cryptography;
using System.Text.Json;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Catalog;

/// <summary>The published facts that come with the simulator, and those of a user laid over them: machines, call tables, sources and results.</summary>
public sealed class Catalogue
{
    readonly CatalogueFiles files;

    // Machines that were added in code, each with the one that it is like.
    IReadOnlyList<(HardwareProfile Machine, string Like)> added = [];

    Catalogue(CatalogueFiles files, ErrorList errors)
    {
        this.files = files;
        Bibliography = BibliographyReader.Read(files, errors);
        Machines = ByName(Documents("Hardware", errors).Select(HardwareReader.Read), machine => machine.Name);
        CallTables = ByName(Documents("Calls", errors).Select(ReadCallTable), table => table.Name);
        Paths = ReadPaths(errors);
        Kernels = ByName(Documents("Kernels", errors).Select(KernelReader.Read), kernel => kernel.Name);
        Designs = ByName(Documents("Designs", errors).Select(DesignReader.Read), design => design.Name);
        Programs = ByName(Documents("Servers", errors).Select(ProgramReader.Read), program => program.Name);
        Recovery = Documents("Recovery", errors).Select(RecoveryReader.Read).First();
        CheckPathNames(errors);
        CheckServices(errors);
    }

    // The same, for a change of some of it.
    Catalogue(Catalogue other)
    {
        (files, added, Bibliography, CallTables, Recovery) = (other.files, other.added, other.Bibliography, other.CallTables, other.Recovery);
        (Machines, Paths, Kernels, Designs, Programs) = (other.Machines, other.Paths, other.Kernels, other.Designs, other.Programs);
    }

    /// <summary>The same catalogue in which numbers of these names have other values.</summary>
    internal Catalogue With(IReadOnlyDictionary<string, double> values)
    {
        if (values.Count == 0) return this;
        var moved = new MovedNumbers(values);
        return new Catalogue(this)
        {
            Machines = Machines.ToDictionary(machine => machine.Key, machine => moved.Of(machine.Value)),
            Paths = Paths.ToDictionary(path => path.Key, path => moved.Of(path.Value)),
            Kernels = Kernels.ToDictionary(kernel => kernel.Key, kernel => moved.Of(kernel.Value)),
            Designs = Designs.ToDictionary(design => design.Key, design => moved.Of(design.Value)),
            Programs = Programs.ToDictionary(program => program.Key, program => moved.Of(program.Value)),
            Recovery = moved.Of(Recovery),
        };
    }

    internal bool WasAdded(string machine) => added.Any(one => one.Machine.Name == machine);

    /// <summary>
    /// The same catalogue with a machine made in code, in place of an earlier one of its name, for studies and scenarios to name: <c>profile with { Name = "mine", ... }</c>. Numbers that are not just as a machine of the
    /// catalogue has them are your own, assumed, and results say so. To give numbers evidence of their own, lay a file over the catalogue: <see cref="Load"/>.
    /// </summary>
    /// <param name="machine">The profile.</param>
    /// <param name="like">
    /// A machine of the catalogue on which kernels and gates run their code in as many cycles: what was fitted to it holds here too, as an assumption. Empty takes the numbers for CPUs
    /// that nobody measured.
    /// </param>
    /// <exception cref="InputException">The profile is one that no file may describe, or has the name of another; the message names all that is wrong.</exception>
    public Catalogue With(HardwareProfile machine, string like = "")
    {
        ArgumentNullException.ThrowIfNull(machine);
        var (own, errors) = (new OwnMachine(machine, like, this), new ErrorList());
        own.Check(errors);
        errors.ThrowIfAny();
        var known = own.WithOrigins();
        return new Catalogue(this)
        {
            added = [.. added.Where(one => one.Machine.Name != known.Name), (known, like)],
            Machines = new Dictionary<string, HardwareProfile>(Machines) { [known.Name] = known },
            Paths = Paths.ToDictionary(path => path.Key, path => own.Over(path.Value)),
            Kernels = Kernels.ToDictionary(kernel => kernel.Key, kernel => own.Over(kernel.Value)),
        };
    }

    /// <summary>A hash over every file of the catalogue, those laid over the built-in ones included, and over machines made in code.</summary>
    public string Hash => added.Count == 0 ? files.Hash() : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { Files = files.Hash(), Machines = added.Select(one => new { one.Machine, one.Like }) })));

    internal Bibliography Bibliography { get; }

    /// <summary>What citations refer to, by key.</summary>
    public IReadOnlyDictionary<string, Source> Sources => Bibliography.Sources;

    /// <summary>Hardware profiles by name.</summary>
    public IReadOnlyDictionary<string, HardwareProfile> Machines { get; private init; }

    /// <summary>Tables of who answers which system call, by name.</summary>
    internal IReadOnlyDictionary<string, CallTable> CallTables { get; }

    /// <summary>Paths by which control crosses, by name.</summary>
    public IReadOnlyDictionary<string, IpcPath> Paths { get; private init; }

    /// <summary>Kernels by name.</summary>
    public IReadOnlyDictionary<string, KernelSpec> Kernels { get; private init; }

    /// <summary>Arrangements of apps and servers, by name.</summary>
    public IReadOnlyDictionary<string, DesignSpec> Designs { get; private init; }

    /// <summary>Programs of apps and servers, by name.</summary>
    public IReadOnlyDictionary<string, ProgramSpec> Programs { get; private init; }

    /// <summary>What it takes to notice that something is down and to bring it back.</summary>
    internal RecoveryPrices Recovery { get; private init; }

    /// <summary>
    /// Reads the built-in catalogue. A file of <paramref name="folder"/> replaces the built-in one of the same relative path, but its
    /// <c>Sources.yaml</c> and <c>Published.yaml</c> add to the built-in ones.
    /// </summary>
    /// <exception cref="InputException">A file is wrong.</exception>
    public static Catalogue Load(string? folder = null)
    {
        var errors = new ErrorList();
        var files = new CatalogueFiles(folder, errors);
        errors.ThrowIfAny();
        var catalogue = new Catalogue(files, errors);
        errors.ThrowIfAny();
        return catalogue;
    }

    /// <summary>Cursors over the files of a folder of the catalogue, such as <c>Paths</c>, in the order of their names.</summary>
    internal IEnumerable<YamlMap> Documents(string folder, ErrorList errors) => files.In(folder).Select(path => files.Read(path, errors, Bibliography));

    static Dictionary<string, T> ByName<T>(IEnumerable<T> entries, Func<T, string> name)
    {
        var byName = new Dictionary<string, T>();
        foreach (var entry in entries) byName[name(entry)] = entry;
        return byName;
    }

    // A path may include another, so each is read when it is first needed.
    Dictionary<string, IpcPath> ReadPaths(ErrorList errors)
    {
        var documents = Documents("Paths", errors).ToDictionary(map => map.FileStem);
        var paths = new Dictionary<string, IpcPath>();

        IpcPath? Find(string name)
        {
            if (paths.TryGetValue(name, out var known)) return known;
            // Taking the document out before reading it ends an inclusion in circles with an error at the step.
            return documents.Remove(name, out var map) ? paths[name] = PathReader.Read(map, Find) : null;
        }

        foreach (var name in documents.Keys.ToList()) Find(name);
        return paths.OrderBy(path => path.Key, StringComparer.Ordinal).ToDictionary();
    }

    void CheckPathNames(ErrorList errors)
    {
        void Check(string file, string path)
        {
            if (path != DesignSpec.NativePath && !Paths.ContainsKey(path))
                errors.Add(file, $"the path '{path}'", "the name of a path of the catalogue", Nearest.To(path, Paths.Keys));
        }

        foreach (var kernel in Kernels.Values)
            foreach (var path in kernel.Residuals.Select(residual => residual.Path).Append(kernel.IpcPath).Distinct()) Check($"Catalog/Kernels/{kernel.Name}.yaml", path);
        foreach (var design in Designs.Values)
        {
            Check($"Catalog/Designs/{design.Name}.yaml", design.AppPath);
            Check($"Catalog/Designs/{design.Name}.yaml", design.ServerPath);
            if (design.KernelPath is { } gate) Check($"Catalog/Designs/{design.Name}.yaml", gate);
            if (design.Deprivation?.ExitPath is { } exit) Check($"Catalog/Designs/{design.Name}.yaml", exit);
            foreach (var path in design.CorePaths) Check($"Catalog/Designs/{design.Name}.yaml", path);
        }
    }

    // Programs call others that say what they do with a call, and never themselves, over others or not.
    void CheckServices(ErrorList errors)
    {
        foreach (var program in Programs.Values.Where(program => program.Service is not null))
        {
            var file = $"Catalog/Servers/{program.Name}.yaml";
            var known = Programs.Values.Where(other => other.Service is not null).Select(other => other.Name).ToList();
            foreach (var (callee, _) in program.Service!.Calls.Where(call => !known.Contains(call.Key)))
                errors.Add(file, $"calls of '{callee}'", "the name of a program of the catalogue with a 'service'", Nearest.To(callee, known));
            if (Reaches(program, program, [])) errors.Add(file, "calls that come back to it", "services that do not call each other in circles");
        }
    }

    bool Reaches(ProgramSpec from, ProgramSpec target, HashSet<string> seen) => (from.Service?.Calls ?? [])
        .Select(call => Programs.GetValueOrDefault(call.Key)).OfType<ProgramSpec>()
        .Any(callee => callee == target || seen.Add(callee.Name) && Reaches(callee, target, seen));

    static CallTable ReadCallTable(YamlMap map)
    {
        var table = new CallTable(map.FileStem, map.Map("calls").Entries.ToDictionary(row => row.Name, row => row.Text()));
        map.Close();
        return table;
    }
}
