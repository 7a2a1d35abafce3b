namespace UnderBridge.Cli.Notebooks;

/// <summary>What cells find besides their own declarations.</summary>
public sealed class NotebookGlobals
{
    readonly Action<object> show;

    internal NotebookGlobals(Action<object> show) => this.show = show;

    /// <summary>Set when the user interrupts the cell: pass it to what takes long, such as a study.</summary>
    public CancellationToken Cancellation { get; internal set; }

    /// <summary>Shows a figure, a table, rows of results, or any other value, now and not only at the end of the cell.</summary>
    public void Display(object value) => show(value);
}
