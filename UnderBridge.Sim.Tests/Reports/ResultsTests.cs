using System.Globalization;
using System.Text.Json;
using CsCheck;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class ResultsTests
{
    static readonly ResultRow plain = new("sel4", "", "kpti", "", "round-trip", "cycles", 2035, Published: 2035, Status: "predicted");

    static readonly ResultRow full = new("underbridge", "zircon", "kpti", "work-scale=0.5", "normalised", "ratio", 7.94, 7.8, 8.08, 6.5, 8.9, 8, "known-gap");

    [Test]
    public void The_csv_has_the_agreed_columns_and_empty_fields_for_absent_numbers()
    {
        Assert.That(ResultsCsv.Text([plain, full]), Is.EqualTo(
            "system,base,variant,point,metric,unit,value,low,high,range_low,range_high,published,status\n"
            + "sel4,,kpti,,round-trip,cycles,2035,,,,,2035,predicted\n"
            + "underbridge,zircon,kpti,work-scale=0.5,normalised,ratio,7.94,7.8,8.08,6.5,8.9,8,known-gap\n"));
    }

    [Test]
    public void The_csv_of_no_rows_is_its_header() => Assert.That(ResultsCsv.Text([]), Is.EqualTo(ResultsCsv.Header + "\n"));

    [TestCase("a,b", "\"a,b\"")]
    [TestCase("say \"no\"", "\"say \"\"no\"\"\"")]
    [TestCase("two\nlines", "\"two\nlines\"")]
    [TestCase("cr\rlf", "\"cr\rlf\"")]
    [TestCase("as it is", "as it is")]
    public void Fields_are_quoted_as_RFC_4180_says(string field, string quoted) =>
        Assert.That(ResultsCsv.Text([plain with { Point = field }]), Does.Contain($"sel4,,kpti,{quoted},round-trip"));

    [Test]
    public void Any_text_survives_the_csv() =>
        Gen.Int[0, 6].Select(i => "a,\"\n\r é"[i]).Array[0, 12].Select(letters => new string(letters)).Sample(text =>
            Fields(ResultsCsv.Text([plain with { Point = text }])[(ResultsCsv.Header.Length + 1)..])[3] == text);

    [Test]
    public void The_json_says_the_same_as_the_csv()
    {
        var table = new Table("provenance", [new Column("grade"), new Column("share", Alignment.Right)], [["published", "61 %"]]);
        var text = ResultsJson.Text(new ResultsDocument([new("scenario", "ipc-roundtrip"), new("seed", "1")], [plain, full], [table]));
        Assert.That(text, Does.EndWith("}\n").And.Not.Contain("\r"));

        using var json = JsonDocument.Parse(text);
        Assert.That(json.RootElement.GetProperty("run").GetProperty("scenario").GetString(), Is.EqualTo("ipc-roundtrip"));
        var rows = json.RootElement.GetProperty("results");
        Assert.That(rows.GetArrayLength(), Is.EqualTo(2));
        Assert.That(rows[0].TryGetProperty("low", out _), Is.False);
        Assert.That(rows[1].EnumerateObject().Select(field => field.Name), Is.EqualTo(ResultsCsv.Header.Split(',')));
        Assert.That(rows[1].EnumerateObject().Select(field => field.Value.ToString()),
            Is.EqualTo("underbridge,zircon,kpti,work-scale=0.5,normalised,ratio,7.94,7.8,8.08,6.5,8.9,8,known-gap".Split(',')));
        Assert.That(json.RootElement.GetProperty("tables").GetProperty("provenance")[0].GetProperty("share").GetString(), Is.EqualTo("61 %"));
    }

    [Test]
    public void Files_do_not_depend_on_the_culture()
    {
        var document = new ResultsDocument([], [full], []);
        var (csv, json) = (ResultsCsv.Text([full]), ResultsJson.Text(document));
        using (new CommaCulture())
        {
            Assert.That(1.5.ToString("0.0", CultureInfo.CurrentCulture), Is.EqualTo("1,5"));
            Assert.That(ResultsCsv.Text([full]), Is.EqualTo(csv));
            Assert.That(ResultsJson.Text(document), Is.EqualTo(json));
        }
    }

    // One record of a CSV, read by the letter of RFC 4180.
    static List<string> Fields(string record)
    {
        var fields = new List<string> { "" };
        var quoted = false;
        for (var i = 0; i < record.Length; i++)
        {
            if (quoted && record[i] == '"' && record[i + 1] == '"') fields[^1] += record[i++];
            else if (record[i] == '"') quoted = !quoted;
            else if (!quoted && record[i] == ',') fields.Add("");
            else if (!quoted && record[i] == '\n') break;
            else fields[^1] += record[i];
        }
        return fields;
    }
}
