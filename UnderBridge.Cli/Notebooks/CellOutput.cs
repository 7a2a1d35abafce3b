using System.Text.Json.Nodes;

namespace UnderBridge.Cli.Notebooks;

/// <summary>One thing that a cell put out, in the terms that notebook files and the messages of a kernel share.</summary>
abstract record CellOutput
{
    /// <summary>Text printed to standard output.</summary>
    public sealed record Printed(string Text) : CellOutput;

    /// <summary>A value shown; the last expression of a cell is its result.</summary>
    public sealed record Shown(JsonObject Data, bool IsResult) : CellOutput;
}

/// <summary>A cell that did not end well: its compiler errors, or the exception it threw.</summary>
sealed record CellFailure(string Name, string Message, IReadOnlyList<string> Trace)
{
    /// <summary>The name of a failure to compile, whose trace are the errors with their places.</summary>
    public const string Compilation = "CompilationError";
}
