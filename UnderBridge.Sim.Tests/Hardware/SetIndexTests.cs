using CsCheck;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class SetIndexTests
{
    [Test]
    public void The_set_of_a_number_is_the_number_modulo_the_sets() =>
        Gen.Select(Gen.OneOf(Gen.Int[1, 100], Gen.Int[1, int.MaxValue]), Gen.OneOf(Gen.Long[0, 1000], Gen.Long[0, uint.MaxValue], Gen.Long[0, long.MaxValue]))
            .Sample((sets, number) => new SetIndex(sets).Of(number) == (int)(number % sets), iter: 20_000);

    [TestCase(3, uint.MaxValue)]
    [TestCase(57_344, uint.MaxValue + 1L)]
    [TestCase(int.MaxValue, int.MaxValue - 1L)]
    [TestCase(1, 0)]
    public void So_it_is_at_the_ends_of_32_bits(int sets, long number) => Assert.That(new SetIndex(sets).Of(number), Is.EqualTo((int)(number % sets)));
}
