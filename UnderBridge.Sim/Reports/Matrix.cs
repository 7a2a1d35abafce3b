namespace UnderBridge.Sim.Reports;

/// <summary>
/// Cells of named rows and columns, in panels side by side. A cell belongs to one of <see cref="Classes"/>, in the order from harmless to harmful, which
/// decides its colour, and may carry a text. A class without a name is left out.
/// </summary>
public sealed record Matrix : Figure
{
    public Matrix(string title, string caption, IReadOnlyList<string> classes, IReadOnlyList<MatrixPanel> panels) : base(title, caption)
    {
        foreach (var panel in panels)
        {
            if (panel.Cells.Count != panel.Rows.Count || panel.Cells.Any(row => row.Count != panel.Columns.Count))
                throw new ArgumentException($"panel '{panel.Title}' of '{title}' needs {panel.Rows.Count} rows of {panel.Columns.Count} cells; a missing cell is null");
            if (panel.Cells.Any(row => row.Any(cell => cell is { } one && (one.Class < 0 || one.Class >= classes.Count))))
                throw new ArgumentException($"panel '{panel.Title}' of '{title}' has a cell of no class; there are {classes.Count}");
        }
        Classes = classes;
        Panels = panels;
    }

    public IReadOnlyList<string> Classes { get; }
    public IReadOnlyList<MatrixPanel> Panels { get; }
}

/// <summary>One matrix.</summary>
/// <param name="Title">Above it.</param>
/// <param name="Rows">Their names, from top to bottom.</param>
/// <param name="Columns">Their names, from left to right.</param>
/// <param name="Cells">A list for each row with a cell for each column; null leaves one empty.</param>
public sealed record MatrixPanel(string Title, IReadOnlyList<string> Rows, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<MatrixCell?>> Cells);

/// <summary>A cell.</summary>
/// <param name="Class">Index among the classes of the figure.</param>
/// <param name="Text">What is written in it; may be empty.</param>
public readonly record struct MatrixCell(int Class, string Text = "");
