using System.Security.Cryptography;
using System.Text;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog;

/// <summary>The texts of the catalogue by relative path: those built in, and those of a user's folder laid over them.</summary>
sealed class CatalogueFiles
{
    const string Root = "Catalog/";

    readonly SortedDictionary<string, List<Layer>> layers = new(StringComparer.Ordinal);

    public CatalogueFiles(string? folder, ErrorList errors)
    {
        var assembly = typeof(CatalogueFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var path = resource.Replace('\\', '/');
            if (!path.StartsWith(Root, StringComparison.Ordinal)) continue;
            Add(path[Root.Length..], new Layer(path, () => new StreamReader(assembly.GetManifestResourceStream(resource)!).ReadToEnd()));
        }
        if (folder is null) return;
        if (!Directory.Exists(folder)) errors.Add(folder, File.Exists(folder) ? "a file" : "no such folder", "a folder laid out as the catalogue");
        else LayOver(folder, errors);
    }

    /// <summary>Relative paths of the files in a folder of the catalogue, in the order of their names.</summary>
    public IEnumerable<string> In(string folder) => layers.Keys.Where(path => path.StartsWith(folder + '/', StringComparison.Ordinal));

    /// <summary>The uppermost file of a relative path.</summary>
    public YamlMap Read(string path, ErrorList errors, Bibliography bibliography) => layers[path][^1].Read(errors, bibliography);

    /// <summary>Every file of a relative path, the built-in one first.</summary>
    public IEnumerable<YamlMap> ReadLayers(string path, ErrorList errors, Bibliography bibliography) =>
        layers[path].Select(layer => layer.Read(errors, bibliography));

    /// <summary>SHA-256 over the paths and texts of all layers, in lower-case hexadecimal digits.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, stack) in layers)
            foreach (var part in stack.SelectMany(layer => new[] { path, layer.Text ?? "" }))
            {
                hash.AppendData(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(part)));
                hash.AppendData(Encoding.UTF8.GetBytes(part));
            }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    void LayOver(string folder, ErrorList errors)
    {
        var places = layers.Keys.Select(PlaceOf).Distinct().ToList();
        foreach (var file in Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (places.Contains(PlaceOf(path))) Add(path, new Layer(file, () => YamlDocument.Text(file, errors)));
            else errors.Add(file, $"'{PlaceOf(path)}', which the catalogue has no place for", YamlValue.OneOf(places), Nearest.To(PlaceOf(path), places));
        }
    }

    // The folder of a file, or the file itself where it is in none.
    static string PlaceOf(string path) => path.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? path[..(slash + 1)] : path;

    void Add(string path, Layer layer)
    {
        if (!layers.TryGetValue(path, out var below)) layers.Add(path, below = []);
        below.Add(layer);
    }

    sealed class Layer(string shown, Func<string?> read)
    {
        readonly Lazy<string?> text = new(read);

        public string? Text => text.Value;

        public YamlMap Read(ErrorList errors, Bibliography bibliography)
        {
            var root = Text is { } yaml ? YamlTree.Parse(yaml, shown, errors) : null;
            return YamlDocument.Cursor(root, shown, errors, bibliography);
        }
    }
}
