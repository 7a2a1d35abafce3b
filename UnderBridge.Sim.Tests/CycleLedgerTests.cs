using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Tests;

public class CycleLedgerTests
{
    [Test]
    public void A_leg_of_54_and_a_half_cycles_paid_twice_takes_55_and_54()
    {
        var ledger = new CycleLedger();
        ledger.Charge(Cause.DomainSwitch, 54.5, 0);
        Assert.That(ledger.TakePending(), Is.EqualTo(55));
        ledger.Charge(Cause.DomainSwitch, 54.5, 0);
        Assert.That(ledger.TakePending(), Is.EqualTo(54));
        Assert.That(ledger.Total, Is.EqualTo(109));
        Assert.That(ledger.ByNumber(0), Is.EqualTo(109.0));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void A_charge_that_is_no_number_is_refused_and_the_clock_goes_on(double cycles)
    {
        var ledger = new CycleLedger();
        ledger.Charge(Cause.WorkServer, 54.5, 0);
        Assert.That(() => ledger.Charge(Cause.WorkServer, cycles, 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("'Work in servers'"));
        ledger.Charge(Cause.WorkServer, 54.5, 0);
        Assert.That((ledger.Total, ledger.ByNumber(0)), Is.EqualTo((109L, 109.0)));
    }
}
