using System.Diagnostics;
using System.Text.Json.Nodes;
using UnderBridge.Cli;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>Notebooks as their readers meet them. The committed ones hold the outputs of a run; after a change that is meant, run <c>underbridge notebook run notebooks/*.ipynb</c>.</summary>
public class NotebookTests
{
    static IEnumerable<string> Committed => Directory.EnumerateFiles(Path.Combine(Repository.Root, "notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);

    string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("underbridge-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCaseSource(nameof(Committed))]
    public void A_committed_notebook_shows_what_a_run_of_it_gives(string name)
    {
        var file = Copy(name);
        Assert.That(Run(file), Is.EqualTo((0, $"{file}: {CodeCells(file).Count} cells\n", "")));
        Assert.That(File.ReadAllText(file), Is.EqualTo(File.ReadAllText(Path.Combine(Repository.Root, "notebooks", name))));
    }

    [Test]
    public void Three_notebooks_are_committed() => Assert.That(Committed, Is.EqualTo(new[] { "first-comparison.ipynb", "own-workload.ipynb", "sweep-wrpkru-and-cr3.ipynb" }));

    [Test]
    public void Cells_share_what_they_declare_and_each_shows_prints_displays_and_its_last_value()
    {
        var file = Notebook("var x = 20;\nint Twice(int n) => 2 * n;", "Console.Write(\"a\");\nConsole.WriteLine(1.5);\nDisplay(\"shown\");\nTwice(x) + 2", "x = 0;");
        Assert.That(Run(file).Exit, Is.Zero);
        var cells = CodeCells(file);
        Assert.That(cells[1]!["outputs"]!.ToJsonString(), Is.EqualTo(JsonNode.Parse("""
            [
              {"name":"stdout","output_type":"stream","text":["a1.5\n"]},
              {"data":{"text/plain":["\"shown\""]},"metadata":{},"output_type":"display_data"},
              {"data":{"text/plain":["42"]},"execution_count":2,"metadata":{},"output_type":"execute_result"}
            ]
            """)!.ToJsonString()));
        Assert.That(cells.Select(cell => (int)cell!["execution_count"]!), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(cells[2]!["outputs"]!.AsArray(), Is.Empty);
    }

    [TestCase("var x = 1;\nvar y = x +;", "cell 2: CompilationError: Invalid expression term ';'", "cell 2: (2,12): CS1525: Invalid expression term ';'")]
    [TestCase("throw new InvalidOperationException(\"no luck\");", "cell 2: InvalidOperationException: no luck")]
    [TestCase("#r \"nuget: UnderBridge.Sim, 9.9.9\"", "cell 2: InputException: #r \"nuget: UnderBridge.Sim, 9.9.9\": found version 9.9.9 of UnderBridge.Sim, expected 0.1.0, which runs this notebook, or no version")]
    [TestCase("#r \"nuget: \"", "cell 2: InputException: #r \"nuget: \": found 'nuget: ', expected nuget: NAME or nuget: NAME, VERSION")]
    public void The_first_cell_that_fails_ends_the_run_and_the_file_stays_as_it_was(string code, params string[] messages)
    {
        var file = Notebook("1", code, "2");
        var before = File.ReadAllText(file);
        var (exit, output, error) = Run(file);
        Assert.That((exit, output), Is.EqualTo((1, "")));
        Assert.That(error, Is.EqualTo(string.Concat(messages.Select(message => $"{file}: {message}\n"))));
        Assert.That(File.ReadAllText(file), Is.EqualTo(before));
    }

    [TestCase(null, "found no such file, expected a notebook (.ipynb)")]
    [TestCase("{", "found no JSON, expected a notebook (.ipynb)")]
    [TestCase("[]", "found no 'cells' of nbformat 4, expected a notebook (.ipynb) of Jupyter's format 4")]
    [TestCase("{\"cells\":[],\"nbformat\":3}", "found no 'cells' of nbformat 4, expected a notebook (.ipynb) of Jupyter's format 4")]
    [TestCase("{\"cells\":[],\"nbformat\":4,\"metadata\":{\"kernelspec\":{\"language\":\"python\"}}}", "found a notebook in python, expected C#")]
    public void A_file_that_is_no_notebook_in_C_sharp_is_refused(string? text, string message)
    {
        var file = Path.Combine(folder, "x.ipynb");
        if (text is not null) File.WriteAllText(file, text);
        var (exit, _, error) = Run(file);
        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.StartWith(file).And.Contain(message));
    }

    [Test]
    public void A_run_that_is_interrupted_says_so_and_leaves_the_file_as_it_was()
    {
        using var interruption = new CancellationTokenSource();
        var file = Notebook("await Task.Delay(-1, Cancellation);");
        var before = File.ReadAllText(file);
        interruption.CancelAfter(TimeSpan.FromSeconds(1));
        var (exit, _, error) = Run(file, interruption.Token);
        Assert.That((exit, error), Is.EqualTo((130, "interrupted\n")));
        Assert.That(File.ReadAllText(file), Is.EqualTo(before));
    }

    [Test]
    public void Jupyters_own_runner_executes_a_notebook_with_the_installed_kernel()
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python) || Execute(python, "-c", "import nbconvert, nbclient, jupyter_client").Exit != 0)
            Assert.Ignore("needs Debian's jupyter-nbconvert, python3-nbclient and python3-jupyter-client");
        var (exit, output, _) = InProcess("notebook", "install", "--prefix", folder);
        Assert.That((exit, output), Is.EqualTo((0, $"wrote {Path.Combine(folder, "share", "jupyter", "kernels", "underbridge", "kernel.json")}; `jupyter kernelspec list` shows it as 'underbridge'\n")));
        var file = Notebook("var x = 6;", "Console.WriteLine(\"hello\");\n7 * x");
        var run = Execute(python, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "done.ipynb", file);
        Assert.That(run.Exit, Is.Zero, run.Error);
        var outputs = CodeCells(Path.Combine(folder, "notebooks", "done.ipynb"))[1]!["outputs"]!.AsArray();
        Assert.That(outputs.Select(output => $"{output!["output_type"]} {Joined(output["text"] ?? output["data"]!["text/plain"])}"), Is.EqualTo(new[] { "stream hello\n", "execute_result 42" }));

        // The format allows one text or a text a line.
        static string Joined(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text ?? "";
    }

    string Copy(string name)
    {
        Directory.CreateSymbolicLink(Path.Combine(folder, "scenarios"), Path.Combine(Repository.Root, "scenarios"));
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "notebooks")).FullName, name);
        File.Copy(Path.Combine(Repository.Root, "notebooks", name), file);
        return file;
    }

    string Notebook(params string[] cells)
    {
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "notebooks")).FullName, "x.ipynb");
        var notebook = new JsonObject
        {
            ["cells"] = new JsonArray([.. cells.Select((cell, i) => new JsonObject
            {
                ["cell_type"] = "code", ["execution_count"] = null, ["id"] = $"cell-{i}", ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = cell,
            })]),
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = "C#", ["language"] = "C#", ["name"] = "underbridge" } },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        File.WriteAllText(file, notebook.ToJsonString());
        return file;
    }

    static JsonArray CodeCells(string file) =>
        new([.. JsonNode.Parse(File.ReadAllText(file))!["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code").Select(cell => cell!.DeepClone())]);

    static (int Exit, string Output, string Error) Run(string file, CancellationToken cancellation = default) => InProcess(cancellation, "notebook", "run", file);

    static (int Exit, string Output, string Error) InProcess(params string[] arguments) => InProcess(CancellationToken.None, arguments);

    static (int Exit, string Output, string Error) InProcess(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        return (Tool.Invoke(arguments, new Terminal(output, error) { Cancellation = cancellation }), output.ToString(), error.ToString());
    }

    (int Exit, string Output, string Error) Execute(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_PATH"] = Path.Combine(folder, "share", "jupyter");
        start.Environment["JUPYTER_RUNTIME_DIR"] = folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(2))) process.Kill(entireProcessTree: true);
        return (process.ExitCode, output.Result, error.Result);
    }
}
