using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Catalog;

/// <summary>The published facts that come with the simulator, and those of a user laid over them: machines, call tables, sources and results.</summary>
public sealed class Catalogue
{
    readonly CatalogueFiles files;

    Catalogue(CatalogueFiles files, ErrorList errors)
    {
        this.files = files;
        Bibliography = BibliographyReader.Read(files, errors);
        Machines = ByName(Documents("Hardware", errors).Select(HardwareReader.Read), machine => machine.Name);
        CallTables = ByName(Documents("Calls", errors).Select(ReadCallTable), table => table.Name);
    }

    public Bibliography Bibliography { get; }

    /// <summary>Hardware profiles by name.</summary>
    public IReadOnlyDictionary<string, HardwareProfile> Machines { get; }

    /// <summary>Tables of who answers which system call, by name.</summary>
    public IReadOnlyDictionary<string, CallTable> CallTables { get; }

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
    public IEnumerable<YamlMap> Documents(string folder, ErrorList errors) => files.In(folder).Select(path => files.Read(path, errors, Bibliography));

    static Dictionary<string, T> ByName<T>(IEnumerable<T> entries, Func<T, string> name)
    {
        var byName = new Dictionary<string, T>();
        foreach (var entry in entries) byName[name(entry)] = entry;
        return byName;
    }

    static CallTable ReadCallTable(YamlMap map)
    {
        var table = new CallTable(map.FileStem, map.Map("calls").Entries.ToDictionary(row => row.Name, row => row.Text()));
        map.Close();
        return table;
    }
}
