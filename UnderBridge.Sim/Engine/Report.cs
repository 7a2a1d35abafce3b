using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace UnderBridge.Sim.Engine;

/// <summary>Writes measures of monitors as a table, one line an update.</summary>
public sealed class Report
{
    readonly Simulation env;
    readonly List<(string Name, INumericMonitor Monitor, Measures Measure)> columns = [];
    bool useDApi;
    bool headerDue;
    string separator = "\t";

    Report(Simulation env) => this.env = env;

    public TextWriter Output { get; set; } = Console.Out;

    public static Builder CreateBuilder(Simulation env) => new(env);

    public void WriteHeader()
    {
        headerDue = false;
        Output.WriteLine(string.Join(separator, columns.Select(c => $"{c.Name}.{c.Measure}").Prepend("Time")));
    }

    public void Update()
    {
        if (headerDue) WriteHeader();
        var time = useDApi ? env.NowD.ToString(CultureInfo.InvariantCulture) : env.Now.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture);
        Output.WriteLine(string.Join(separator, columns.Select(c => Read(c.Monitor, c.Measure).ToString(CultureInfo.InvariantCulture)).Prepend(time)));
    }

    static double Read(INumericMonitor monitor, Measures measure) => measure switch
    {
        Measures.Min => monitor.Min,
        Measures.Max => monitor.Max,
        Measures.Sum => monitor.Sum,
        Measures.Mean => monitor.Mean,
        Measures.StdDev => monitor.StdDev,
        _ => monitor.Last,
    };

    IEnumerable<Event> UpdateEvery(TimeSpan interval)
    {
        while (true)
        {
            yield return env.Timeout(interval);
            Update();
        }
    }

    /// <summary>What a report shows of a monitor.</summary>
    [Flags]
    [SuppressMessage("Design", "CA1008", Justification = "The shared interface has no value for nothing.")]
    public enum Measures
    {
        /// <summary>The least value.</summary>
        Min = 1,
        /// <summary>The greatest value.</summary>
        Max = 2,
        /// <summary>The sum of all values; of a time series, over time.</summary>
        Sum = 4,
        /// <summary>The mean; of a time series, over time.</summary>
        Mean = 8,
        /// <summary>The standard deviation.</summary>
        StdDev = 16,
        /// <summary>The latest value.</summary>
        Last = 32,
        /// <summary>All of these.</summary>
        All = Min | Max | Sum | Mean | StdDev | Last,
    }

    /// <summary>Says what a report shows, and when. Unless told otherwise it has headers and a line whenever one of the monitors changes, and times are dates.</summary>
    public class Builder
    {
        readonly Report report;
        Action start;

        public Builder(Simulation env)
        {
            ArgumentNullException.ThrowIfNull(env);
            report = new(env);
            SetAutoUpdate();
        }

        /// <summary>Adds one column a measure.</summary>
        public Builder Add(string name, INumericMonitor statistics, Measures measure = Measures.All)
        {
            ArgumentNullException.ThrowIfNull(statistics);
            foreach (var one in Enum.GetValues<Measures>())
                if (one is not Measures.All && measure.HasFlag(one)) report.columns.Add((name, statistics, one));
            return this;
        }

        /// <summary>A line whenever one of the monitors changes.</summary>
        [MemberNotNull(nameof(start))]
        public Builder SetAutoUpdate(bool withHeaders = true) => Start(withHeaders, () =>
        {
            foreach (var monitor in report.columns.Select(c => c.Monitor).Distinct()) monitor.Updated += (_, _) => report.Update();
        });

        /// <summary>A line whenever <see cref="Report.Update"/> is called.</summary>
        public Builder SetManualUpdate(bool withHeaders = true) => Start(withHeaders, () => { });

        /// <summary>A line after each interval, for ever: a run needs an end.</summary>
        public Builder SetPeriodicUpdate(TimeSpan interval, bool withHeaders = true)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
            return Start(withHeaders, () => report.env.Process(report.UpdateEvery(interval)));
        }

        public Builder SetPeriodicUpdateD(double interval, bool withHeaders = true) => SetPeriodicUpdate(report.env.ToTimeSpan(interval), withHeaders);

        /// <summary>A line at the end of each run.</summary>
        public Builder SetFinalUpdate(bool withHeaders = true) => Start(withHeaders, () => report.env.RunFinished += (_, _) => report.Update());

        /// <summary>Whether times are steps since the start date in place of dates.</summary>
        public Builder SetTimeAPI(bool useDApi = true)
        {
            report.useDApi = useDApi;
            return this;
        }

        public Builder SetOutput(TextWriter output)
        {
            report.Output = output;
            return this;
        }

        public Builder SetSeparator(string seperator)
        {
            report.separator = seperator;
            return this;
        }

        public Report Build()
        {
            start();
            return report;
        }

        [MemberNotNull(nameof(start))]
        Builder Start(bool withHeaders, Action how)
        {
            report.headerDue = withHeaders;
            start = how;
            return this;
        }
    }
}
