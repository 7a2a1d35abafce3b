using System.Globalization;
using CsCheck;
using UnderBridge.Sim.Reports;

namespace UnderBridge.Sim.Tests;

public class NumbersTests
{
    [TestCase(0.0, "0")]
    [TestCase(-0.0, "0")]
    [TestCase(109, "109")]
    [TestCase(8151, "8151")]
    [TestCase(0.1 + 0.2, "0.3")]
    [TestCase(1.0 / 3, "0.3333333333")]
    [TestCase(2.0 / 3, "0.6666666667")]
    [TestCase(63.82, "63.82")]
    [TestCase(-1.5, "-1.5")]
    [TestCase(12345678901.0, "12345678900")]
    [TestCase(0.00001, "1E-05")]
    public void A_number_is_written_shortest_to_ten_digits(double value, string text) => Assert.That(Numbers.Text(value), Is.EqualTo(text));

    [Test]
    public void A_number_reads_back_within_ten_digits() =>
        Gen.Double[-1e12, 1e12].Sample(value =>
            Math.Abs(double.Parse(Numbers.Text(value), CultureInfo.InvariantCulture) - value) <= Math.Abs(value) * 5.1e-10);

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void A_result_that_is_no_number_is_refused(double value) => Assert.That(() => Numbers.Text(value), Throws.ArgumentException);
}
