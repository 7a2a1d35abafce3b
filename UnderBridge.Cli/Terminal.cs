using System.Globalization;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Cli;

/// <summary>Where a command writes: results to one writer, errors and warnings to another, tables and prose within a width.</summary>
sealed class Terminal(TextWriter output, TextWriter error)
{
    const string EraseLine = "\u001b[2K";
    const int Narrow = 40, Default = 80, WidestProse = 110, Unlimited = int.MaxValue;

    public TextWriter Output { get; } = output;
    public TextWriter Error { get; } = error;

    /// <summary>Columns of the terminal; of a file or pipe, as many as a line needs.</summary>
    public int Width { get; init; } = Unlimited;

    /// <summary>Columns of running text, which reads badly in long lines.</summary>
    public int ProseWidth => Math.Min(Width, WidestProse);

    /// <summary>Opens what is piped in.</summary>
    public Func<Stream> Input { get; init; } = Console.OpenStandardInput;

    /// <summary>Shows a line that the next one overwrites; null where nobody watches.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Ends what takes long.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Prints stack traces too.</summary>
    public bool Debug { get; set; }

    /// <summary>The standard streams.</summary>
    public static Terminal Standard(CancellationToken cancellation) => new(Console.Out, Console.Error)
    {
        Width = ConsoleWidth(),
        Progress = Console.IsErrorRedirected ? null : line => Console.Error.Write($"\r{EraseLine}{line}"),
        Cancellation = cancellation,
    };

    /// <summary>A table that fits, followed by an empty line.</summary>
    public void Write(Table table, params IReadOnlyList<string> dispensable)
    {
        Output.Write(table.Fit(Width, dispensable).ToText());
        Output.WriteLine();
    }

    /// <summary>A paragraph, broken between words, behind a label; every line but the first is indented.</summary>
    public void WriteProse(string text, int indent = 0, string label = "")
    {
        var lines = Words.Wrap(text, ProseWidth - Math.Max(indent, label.Length));
        for (var i = 0; i < lines.Count; i++) Output.WriteLine((i == 0 ? label : new string(' ', indent)) + lines[i]);
    }

    public void Warn(string warning) => Error.WriteLine($"warning: {warning}");

    /// <summary>A line for each line of the message, and the stack trace when debugging.</summary>
    public void Report(Exception failure, string place = "")
    {
        var prefix = place.Length == 0 ? "" : $"{place}: ";
        foreach (var line in failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Error.WriteLine($"{prefix}{line.TrimEnd()}");
        if (Debug) Error.WriteLine(failure);
    }

    // A pipe may state the columns of the terminal behind it.
    static int ConsoleWidth()
    {
        if (Console.IsOutputRedirected) return int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), CultureInfo.InvariantCulture, out var stated) ? Math.Max(Narrow, stated) : Unlimited;
        return Console.WindowWidth is > 0 and var width ? Math.Max(Narrow, width) : Default;
    }
}
