using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using UnderBridge.Cli.Notebooks;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Studies;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Cli;

/// <summary>The command-line tool: takes arguments, writes to a terminal, returns an exit code.</summary>
static class Tool
{
    public const string Name = "underbridge";

    /// <summary>The version of the simulator, which its results carry.</summary>
    public static string Version => Study.Version;

    public static int Invoke(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = Root(terminal);
        var parsed = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        terminal.Debug = parsed.GetValue(Flags.Debug);
        try
        {
            UsageErrors.Check(parsed);
            if (arguments.Count == 0) parsed = root.Parse("--help");
            return parsed.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) when (terminal.Cancellation.IsCancellationRequested)
        {
            terminal.Error.WriteLine("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception failure)
        {
            terminal.Report(failure);
            return ExitCode.Of(failure);
        }
    }

    static RootCommand Root(Terminal terminal)
    {
        var root = new RootCommand("Simulates what the IPC designs of microkernels cost, and says where each number comes from.")
        {
            RunCommand.Create(terminal),
            SweepCommand.Create(terminal),
            StatusCommand.Create(terminal),
            MergeCommand.Create(terminal),
            CheckCommand.Create(terminal),
            AuditCommand.Create(terminal),
            ValidateCommand.Create(terminal),
            CalibrateCommand.Create(terminal),
            ListCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            ImportCommand.Create(terminal),
            MemtraceCommand.Create(terminal),
            NotebookCommand.Create(terminal),
        };
        root.Add(Flags.Catalog);
        root.Add(Flags.Debug);
        foreach (var option in root.Options.OfType<VersionOption>()) option.Action = new PrintVersion(terminal);
        foreach (var option in root.Options.OfType<HelpOption>()) option.Action = new HelpWithExamples(terminal);
        return root;
    }

    sealed class PrintVersion(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Output.WriteLine($"{Name} {Version}");
            return ExitCode.Ok;
        }
    }
}
