using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Catalog;

/// <summary>Reads the sources and the published results of the catalogue.</summary>
static class BibliographyReader
{
    public static Bibliography Read(CatalogueFiles files, ErrorList errors)
    {
        var sources = ByKey(files.ReadLayers("Sources.yaml", errors, Bibliography.Empty), ReadSource);
        var bibliography = Bibliography.Empty with { Sources = sources };
        return bibliography with { Published = ByKey(files.ReadLayers("Published.yaml", errors, bibliography), ReadPublished) };
    }

    static Dictionary<string, T> ByKey<T>(IEnumerable<YamlMap> layers, Func<YamlValue, T> read)
    {
        var byKey = new Dictionary<string, T>();
        foreach (var entry in layers.SelectMany(layer => layer.Entries)) byKey[entry.Name] = read(entry);
        return byKey;
    }

    static Source ReadSource(YamlValue entry)
    {
        var map = entry.Map();
        var source = new Source(entry.Name, map.Text("title"), map.Text("venue"), map.OptionalText("url") ?? "");
        map.Close();
        return source;
    }

    static PublishedNumber ReadPublished(YamlValue entry)
    {
        var map = entry.Map();
        var number = new PublishedNumber(entry.Name, map.Number("value"), map.Text("unit"), map.Citation(), map.Text("conditions"))
        {
            SimulatedAs = map.OptionalMap("simulated-as") is { } simulated ? ReadSimulatedAs(simulated) : null,
        };
        map.Close();
        return number;
    }

    static SimulatedAs ReadSimulatedAs(YamlMap map)
    {
        var simulated = new SimulatedAs(
            map.Text("machine"), map.Text("system"), map.OptionalText("base") ?? "", map.OptionalText("variant") ?? "", map.Text("metric"));
        map.Close();
        return simulated;
    }
}
