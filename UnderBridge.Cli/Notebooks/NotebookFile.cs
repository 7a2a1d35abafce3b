using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli.Notebooks;

/// <summary>A notebook in Jupyter's format (nbformat 4) with cells of C#.</summary>
sealed class NotebookFile
{
    const string Language = "C#";

    // Jupyter writes its files so, and a run then changes only what the outputs change.
    static readonly JsonWriterOptions layout = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly JsonNode root;

    NotebookFile(string path, JsonNode root, IReadOnlyList<JsonObject> codeCells)
    {
        Path = path;
        this.root = root;
        CodeCells = codeCells;
    }

    public string Path { get; }

    /// <summary>The cells that run, in order.</summary>
    public IReadOnlyList<JsonObject> CodeCells { get; }

    /// <exception cref="InputException">There is no such file, or it is not a notebook in C#.</exception>
    public static NotebookFile Read(string path)
    {
        if (!File.Exists(path)) throw Wrong(path, "no such file", "a notebook (.ipynb)");
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (JsonException broken)
        {
            throw Wrong(path, "no JSON", $"a notebook (.ipynb): {broken.Message}", (int)(broken.LineNumber ?? -1) + 1);
        }
        if (root is not JsonObject notebook || notebook["cells"] is not JsonArray cells || (int?)notebook["nbformat"] != 4) throw Wrong(path, "no 'cells' of nbformat 4", "a notebook (.ipynb) of Jupyter's format 4");
        var language = (string?)(notebook["metadata"]?["kernelspec"]?["language"] ?? notebook["metadata"]?["language_info"]?["name"]);
        if (language is not (null or Language)) throw Wrong(path, $"a notebook in {language}", Language);
        return new NotebookFile(path, notebook, [.. cells.OfType<JsonObject>().Where(cell => (string?)cell["cell_type"] == "code")]);
    }

    /// <summary>The code of a cell, which the format allows in one text or a text a line.</summary>
    public static string SourceOf(JsonObject cell) => Joined(cell["source"]);

    /// <summary>Puts down what a cell gave when it ran as the <paramref name="number"/>th.</summary>
    public static void Record(JsonObject cell, int number, IReadOnlyList<CellOutput> outputs)
    {
        cell["execution_count"] = number;
        cell["outputs"] = new JsonArray([.. Merged(outputs).Select(output => (JsonNode)(output switch
        {
            CellOutput.Printed printed => new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Lines(printed.Text) },
            CellOutput.Shown { IsResult: true } shown => new JsonObject { ["data"] = Data(shown), ["execution_count"] = number, ["metadata"] = new JsonObject(), ["output_type"] = "execute_result" },
            CellOutput.Shown shown => new JsonObject { ["data"] = Data(shown), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" },
            _ => throw new ArgumentException($"no way to write a {output.GetType().Name}", nameof(outputs)),
        }))]);
    }

    /// <exception cref="UnwritableFileException">The file can not be written; the old one stays as it was.</exception>
    public void Write()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, layout)) root.WriteTo(json);
        bytes.WriteByte((byte)'\n');
        AtomicFile.Write(Path, bytes.ToArray());
    }

    // Prints that follow each other are one stream.
    static IEnumerable<CellOutput> Merged(IReadOnlyList<CellOutput> outputs)
    {
        var text = new StringBuilder();
        foreach (var output in outputs)
        {
            if (output is CellOutput.Printed printed)
            {
                text.Append(printed.Text);
                continue;
            }
            if (text.Length > 0) yield return new CellOutput.Printed(text.ToString());
            text.Clear();
            yield return output;
        }
        if (text.Length > 0) yield return new CellOutput.Printed(text.ToString());
    }

    static JsonObject Data(CellOutput.Shown shown) => new(shown.Data.Select(entry =>
        KeyValuePair.Create(entry.Key, (JsonNode?)(entry.Key == "image/png" ? (string?)entry.Value : Lines((string)entry.Value!)))));

    static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var feed ? feed + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }
        return lines;
    }

    static string Joined(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text ?? "";

    static InputException Wrong(string path, string found, string expected, int line = 0) => new([new InputError(path, line, 0, found, expected)]);
}
