using Parquet;
using Parquet.Schema;

namespace UnderBridge.Sim.Reports;

/// <summary>results.parquet: the columns of results.csv with their types, in one row group. The same rows give the same bytes.</summary>
public static class ResultsParquet
{
    /// <exception cref="UnwritableFileException">The file can not be written; an older one stays as it was.</exception>
    public static void Write(string path, IReadOnlyList<ResultRow> rows) => AtomicFile.Write(path, Bytes(rows));

    public static byte[] Bytes(IReadOnlyList<ResultRow> rows)
    {
        using var stream = new MemoryStream();
        Write(ResultColumns.Of(rows), stream).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    static async Task Write(ResultColumns columns, MemoryStream stream)
    {
        var fields = columns.All.Select(column => (Field: Field(column.Name, column.Cells), column.Cells)).ToList();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema([.. fields.Select(field => (Field)field.Field)]), stream).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var (field, cells) in fields) await Write(group, field, cells).ConfigureAwait(false);
    }

    static DataField Field(string name, object cells) => cells switch
    {
        IReadOnlyList<string> => new DataField<string>(name, nullable: false),
        IReadOnlyList<double> => new DataField<double>(name),
        _ => new DataField<double?>(name),
    };

    static Task Write(ParquetRowGroupWriter group, DataField field, object cells) => cells switch
    {
        IReadOnlyList<string> texts => group.WriteAsync(field, texts),
        IReadOnlyList<double> numbers => group.WriteAsync<double>(field, numbers.ToArray().AsMemory()),
        IReadOnlyList<double?> numbers => group.WriteAsync<double>(field, numbers.ToArray().AsMemory()),
        _ => throw new ArgumentException($"no column of {cells.GetType().Name}", nameof(cells)),
    };
}
