using System.CommandLine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli.Notebooks;

/// <summary><c>notebook</c>: runs notebooks with cells of C#, here or in Jupyter.</summary>
static class NotebookCommand
{
    public static Command Create(Terminal terminal) => new Verb("notebook", "Run notebooks with cells of C#, here or in Jupyter.", $"{Tool.Name} notebook run notebooks/first-comparison.ipynb")
    {
        Run(terminal), Install(terminal), Kernel(terminal),
    };

    static Verb Run(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "A notebook (.ipynb). It is executed in place: its outputs are replaced when all cells have run." };
        var command = new Verb("run", "Run the cells of notebooks in order, and put down what they show. Stops at the first cell that fails, and leaves that notebook as it was.",
            $"{Tool.Name} notebook run notebooks/*.ipynb") { files };
        command.SetAction(parsed =>
        {
            var notebooks = parsed.GetValue(files)!.Select(NotebookFile.Read).ToList();
            return notebooks.All(notebook => Execute(notebook, terminal)) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    static Verb Install(Terminal terminal)
    {
        var prefix = new Option<string?>("--prefix") { HelpName = "DIR", Description = "Where Jupyter is installed, if not for this user: the kernel goes to DIR/share/jupyter/kernels." };
        var command = new Verb("install", "Tell Jupyter of the kernel, so that it runs notebooks with cells of C#.", $"{Tool.Name} notebook install") { prefix };
        command.SetAction(parsed =>
        {
            var file = KernelSpecFile.Install(parsed.GetValue(prefix));
            terminal.Output.WriteLine($"wrote {file}; `jupyter kernelspec list` shows it as '{KernelSpecFile.Name}'");
            return ExitCode.Ok;
        });
        return command;
    }

    static Verb Kernel(Terminal terminal)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "The connection file that Jupyter writes." };
        var command = new Verb("kernel", "Be Jupyter's kernel; Jupyter starts this itself.") { connection };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var kernel = new JupyterKernel(ConnectionFile.Read(parsed.GetValue(connection)!));
            kernel.Run(terminal.Cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    static bool Execute(NotebookFile notebook, Terminal terminal)
    {
        var folder = Environment.CurrentDirectory;
        var outputs = new List<CellOutput>();
        var session = new CSharpSession(outputs.Add);
        try
        {
            Environment.CurrentDirectory = Path.GetDirectoryName(Path.GetFullPath(notebook.Path))!;
            for (var i = 0; i < notebook.CodeCells.Count; i++)
            {
                terminal.Cancellation.ThrowIfCancellationRequested();
                terminal.Progress?.Invoke(FormattableString.Invariant($"{notebook.Path}: cell {i + 1} of {notebook.CodeCells.Count}"));
                outputs.Clear();
                var failure = session.Run(NotebookFile.SourceOf(notebook.CodeCells[i]), terminal.Cancellation).GetAwaiter().GetResult();
                terminal.Progress?.Invoke("");
                if (failure is not null)
                {
                    terminal.Cancellation.ThrowIfCancellationRequested();
                    Report(failure, FormattableString.Invariant($"{notebook.Path}: cell {i + 1}"), terminal);
                    return false;
                }
                NotebookFile.Record(notebook.CodeCells[i], i + 1, outputs);
            }
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
        notebook.Write();
        terminal.Output.WriteLine(FormattableString.Invariant($"{notebook.Path}: {notebook.CodeCells.Count} cells"));
        return true;
    }

    static void Report(CellFailure failure, string place, Terminal terminal)
    {
        terminal.Error.WriteLine($"{place}: {failure.Name}: {failure.Message}");
        foreach (var line in failure.Name == CellFailure.Compilation || terminal.Debug ? failure.Trace : []) terminal.Error.WriteLine($"{place}: {line}");
    }
}
