using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace UnderBridge.Cli;

/// <summary>A command with examples of its use, which its help ends with.</summary>
sealed class Verb(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>The usual help within the terminal's width, and the examples of the verb.</summary>
sealed class HelpWithExamples(Terminal terminal) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = new HelpAction { MaxWidth = terminal.ProseWidth }.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not Verb { Examples.Count: > 0 } verb) return exit;
        terminal.Output.WriteLine(verb.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in verb.Examples) terminal.Output.WriteLine($"  {example}");
        terminal.Output.WriteLine();
        return exit;
    }
}
