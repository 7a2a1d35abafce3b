namespace UnderBridge.Sim.Engine;

/// <summary>Something that watches a variable of the model.</summary>
public interface IMonitor
{
    /// <summary>While false what happens is not counted.</summary>
    bool Active { get; set; }

    string Name { get; }

    /// <summary>Raised after each change.</summary>
    event EventHandler? Updated;

    /// <summary>A text about the variable, of several lines.</summary>
    string Summarize();
}

/// <summary>A monitor of numbers.</summary>
public interface INumericMonitor : IMonitor
{
    /// <summary>Whether all values are kept, as median and percentiles need them.</summary>
    bool Collect { get; }

    double Min { get; }
    double Max { get; }
    double Sum { get; }
    double Mean { get; }

    /// <summary>Of the population, not an estimate from a sample.</summary>
    double StdDev { get; }

    double Last { get; }

    double GetMedian();

    /// <summary>The value below which a share of the values lies, 0 to 1; not a number unless they are kept.</summary>
    double GetPercentile(double p);
}

/// <summary>A monitor of values that have no duration.</summary>
public interface ISampleMonitor : INumericMonitor
{
    IEnumerable<double> Samples { get; }

    void Add(double value);
}

/// <summary>A monitor of a level that lasts until it changes.</summary>
public interface ITimeSeriesMonitor : INumericMonitor
{
    void Increase(double value);
    void Decrease(double value);
    void UpdateTo(double value);
}
