using System.Collections;
using UnderBridge.Sim.Reports;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Tests.Reports;

public class ResultColumnsTests
{
    static readonly IReadOnlyList<ResultRow> rows = StudyRows.Of(Study.Compare("xeon-gold-6138", ["monolithic", "sel4 with kpti", "underbridge on zircon"],
        new PingPong { WarmUp = 20, RoundTrips = 30 }, new StudyOptions { Catalogue = Shipped.Catalogue }));

    [Test]
    public void Columns_are_named_and_ordered_as_in_results_csv() =>
        Assert.That(string.Join(',', ResultColumns.Of(rows).All.Select(column => column.Name)), Is.EqualTo(ResultsCsv.Text(rows).Split('\n')[0]));

    // A row apart in every cell, so that no two columns can be taken for each other.
    [Test]
    public void Each_cell_of_a_row_stands_in_its_column()
    {
        var row = new ResultRow("system", "base", "variant", "point", "metric", "unit", 1, 2, 3, 4, 5, 6, "status");
        var cells = ResultColumns.Of([row]).All.Select(column => ((IEnumerable)column.Cells).Cast<object>().Single());
        Assert.That(cells, Is.EqualTo(new object[] { "system", "base", "variant", "point", "metric", "unit", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, "status" }));
    }

    [Test]
    public void Columns_put_side_by_side_are_the_rows()
    {
        var columns = ResultColumns.Of(rows);
        var joined = Enumerable.Range(0, columns.Value.Count).Select(i => new ResultRow(
            columns.System[i], columns.Base[i], columns.Variant[i], columns.Point[i], columns.Metric[i], columns.Unit[i], columns.Value[i],
            columns.Low[i], columns.High[i], columns.RangeLow[i], columns.RangeHigh[i], columns.Published[i], columns.Status[i]));
        Assert.That(joined, Is.EqualTo(rows));
        Assert.That(rows, Has.Count.EqualTo(3));
    }

    [Test]
    public void No_rows_are_columns_without_cells() => Assert.That(ResultColumns.Of([]).All.Select(column => ((ICollection)column.Cells).Count), Is.All.Zero);
}
