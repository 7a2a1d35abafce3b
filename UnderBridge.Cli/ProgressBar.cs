using System.Globalization;

namespace UnderBridge.Cli;

/// <summary>How many of the runs of a command have ended: a bar on a terminal, a line for every tenth elsewhere. Runs end on any thread.</summary>
sealed class ProgressBar : IDisposable
{
    const int Cells = 30, Tenths = 10;

    readonly Terminal terminal;
    readonly int total;
    readonly bool speaks;
    readonly string units;
    readonly Lock gate = new();
    int done;
    bool closed;

    /// <param name="terminal">Where it is shown.</param>
    /// <param name="total">Runs in all.</param>
    /// <param name="speaks">Whether lines are worth while where there is no terminal.</param>
    /// <param name="units">What is counted.</param>
    public ProgressBar(Terminal terminal, int total, bool speaks, string units = "runs")
    {
        this.terminal = terminal;
        this.total = total;
        this.speaks = speaks;
        this.units = units;
        terminal.Progress?.Invoke(Line(""));
    }

    public void Ended(string what)
    {
        lock (gate)
        {
            if (closed) return;
            done++;
            if (terminal.Progress is { } show) show(Line(what));
            else if (speaks && done * Tenths / total > (done - 1) * Tenths / total) terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done}/{total} {units}"));
        }
    }

    /// <summary>Writes something else without a bar in it.</summary>
    public void Aside(Action write)
    {
        lock (gate)
        {
            terminal.Progress?.Invoke("");
            write();
            if (done < total) terminal.Progress?.Invoke(Line(""));
        }
    }

    /// <summary>Nothing more is shown; runs that were left behind may still end.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            terminal.Progress?.Invoke("");
        }
    }

    string Line(string what)
    {
        var full = total == 0 ? 0 : Cells * done / total;
        var line = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', Cells - full)}] {done}/{total} {what}");
        return line.Length < terminal.Width ? line : line[..(terminal.Width - 1)];
    }
}
