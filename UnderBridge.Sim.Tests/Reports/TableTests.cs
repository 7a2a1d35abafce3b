using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class TableTests
{
    [Test]
    public void Columns_line_up_and_no_line_ends_in_a_blank()
    {
        var table = new Table("Round trip", [new Column("System"), new Column("Cycles", Alignment.Right), new Column("Status")],
            [["ChCore", "109", "fitted"], ["Zircon (é)", "8151", ""]]);
        Assert.That(table.ToText(), Is.EqualTo(
            "Round trip\n"
            + "System      Cycles  Status\n"
            + "----------  ------  ------\n"
            + "ChCore         109  fitted\n"
            + "Zircon (é)    8151\n"));
    }

    [Test]
    public void A_row_that_does_not_match_the_columns_is_refused() =>
        Assert.That(() => new Table("T", [new Column("A")], [["1", "2"]]), Throws.ArgumentException.With.Message.Contains("1 columns but a row of 2 cells"));
}
