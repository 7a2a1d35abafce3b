using Parquet;
using Parquet.Schema;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class ResultsParquetTests
{
    static readonly ResultRow plain = new("sel4", "", "kpti", "", "round-trip", "cycles", 2035, Published: 2035, Status: "predicted");

    static readonly ResultRow full = new("underbridge", "zircon", "kpti", "work-scale=0.5, \"é\"", "normalised", "ratio", 0.1 + 0.2, -7.8, 1e300, double.Epsilon, 8.9, 8, "known-gap");

    static readonly IReadOnlyList<ResultRow>[] tables = [[], [plain], [full], [plain, full, plain with { Value = 1 / 3.0, Low = 0 }]];

    static readonly string[] textColumns = ["system", "base", "variant", "point", "metric", "unit", "status"];

    [TestCaseSource(nameof(tables))]
    public async Task Parquet_reads_back_to_the_rows_of_the_csv(IReadOnlyList<ResultRow> rows)
    {
        var (names, read) = await Read(ResultsParquet.Bytes(rows));
        Assert.That(names, Is.EqualTo(ResultsCsv.Header.Split(',')));
        Assert.That(read, Is.EqualTo(rows));
        Assert.That(ResultsCsv.Text(read), Is.EqualTo(ResultsCsv.Text(rows)));
    }

    [TestCaseSource(nameof(tables))]
    public void The_same_rows_give_the_same_bytes(IReadOnlyList<ResultRow> rows)
    {
        var bytes = ResultsParquet.Bytes(rows);
        using (new CommaCulture()) Assert.That(ResultsParquet.Bytes([.. rows.Select(row => row with { })]), Is.EqualTo(bytes));
    }

    static async Task<(List<string> Names, List<ResultRow> Rows)> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        await using var reader = await ParquetReader.CreateAsync(stream);
        using var group = reader.OpenRowGroupReader(0);
        var count = (int)group.RowCount;
        var fields = reader.Schema.GetDataFields().ToDictionary(field => field.Name);
        var texts = new Dictionary<string, string?[]>();
        var numbers = new Dictionary<string, double?[]>();
        foreach (var (name, field) in fields)
        {
            if (textColumns.Contains(name)) await group.ReadAsync(field, (texts[name] = new string?[count]).AsMemory());
            else if (field.IsNullable) await group.ReadAsync<double>(field, (numbers[name] = new double?[count]).AsMemory());
            else numbers[name] = await Whole(group, field, count);
        }
        return ([.. fields.Keys], [.. Enumerable.Range(0, count).Select(i => new ResultRow(
            texts["system"][i]!, texts["base"][i]!, texts["variant"][i]!, texts["point"][i]!, texts["metric"][i]!, texts["unit"][i]!, numbers["value"][i]!.Value,
            numbers["low"][i], numbers["high"][i], numbers["range_low"][i], numbers["range_high"][i], numbers["published"][i], texts["status"][i]!))]);
    }

    static async Task<double?[]> Whole(ParquetRowGroupReader group, DataField field, int count)
    {
        var cells = new double[count];
        await group.ReadAsync<double>(field, cells.AsMemory());
        return [.. cells.Select(cell => (double?)cell)];
    }
}
