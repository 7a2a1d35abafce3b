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
}
