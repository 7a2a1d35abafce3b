using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

public class RandomTests
{
    [Test]
    public void Pcg32_gives_the_numbers_of_the_reference_code()
    {
        // The output of pcg32-demo for the state 42 and the stream 54.
        var random = new PcgRandom(42UL, 54UL);
        uint[] expected = [0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e];
        Assert.That(expected.Select(_ => random.NextBits()), Is.EqualTo(expected));
    }

    // SimSharp hands the seed, cast to ulong, to pcg32_srandom with the sequence 721347520444481703 (SimSharp/Random/Pcg.cs in github.com/heal-research/SimSharp).
    // The numbers are the definition of pcg32 written down again in Python, which also gives the output of pcg32-demo above.
    [TestCase(0, 0xe823a24eu, 0x7a7ecbd9u, 0x89fd6c06u, 0xae646aa8u)]
    [TestCase(42, 0xc2f57bd6u, 0x6b07c4a9u, 0x72b7b29bu, 0x44215383u)]
    [TestCase(-1, 0xd9313036u, 0xcd4b6992u, 0x7b8ec69eu, 0x999dd010u)]
    [TestCase(int.MaxValue, 0x7ad001a3u, 0x81af5d51u, 0x2386e0e6u, 0x8810be7bu)]
    [TestCase(int.MinValue, 0x4a45df19u, 0x1e9808bau, 0xa3bd061du, 0x2fbc63efu)]
    public void A_seed_starts_the_stream_that_it_starts_in_SimSharp(int seed, params uint[] expected)
    {
        var random = new PcgRandom(seed);
        Assert.That(expected.Select(_ => random.NextBits()), Is.EqualTo(expected));
        random.Reinitialise(seed);
        Assert.That(random.NextBits(), Is.EqualTo(expected[0]));
    }

    [Test]
    public void Integers_and_doubles_are_made_from_the_stream_as_in_SimSharp()
    {
        // From the same Python: the upper 31 bits, the remainder of a draw at or above 2^32 mod n, and 2^-32 of a draw.
        var random = new PcgRandom(15);
        Assert.That(Enumerable.Range(0, 2).Select(_ => random.Next()), Is.EqualTo(new[] { 1223516880, 149981970 }));
        Assert.That(Enumerable.Range(0, 5).Select(_ => random.Next(10)), Is.EqualTo(new[] { 5, 4, 2, 5, 9 }));
        Assert.That(Enumerable.Range(0, 5).Select(_ => random.Next(-5, 5)), Is.EqualTo(new[] { -1, -2, 0, -4, -2 }));
        Assert.That(random.NextDouble(), Is.EqualTo(0.9918388281948864));
    }

    [Test]
    public void Named_streams_give_the_numbers_of_xoshiro256_plus_plus()
    {
        // The output of the reference code for the state 1, 2, 3, 4.
        var random = new RandomStream(1, 2, 3, 4);
        ulong[] expected = [41943041, 58720359, 3588806011781223, 3591011842654386];
        Assert.That(expected.Select(_ => random.NextBits()), Is.EqualTo(expected));
    }

    [TestCase(typeof(PcgRandom))]
    [TestCase(typeof(RandomStream))]
    [TestCase(typeof(SystemRandom))]
    public void A_seed_decides_the_numbers_and_can_be_set_again(Type kind)
    {
        var (first, second) = (Make(kind, 7), Make(kind, 7));
        var numbers = Enumerable.Range(0, 100).Select(_ => first.NextDouble()).ToArray();
        Assert.That(Enumerable.Range(0, 100).Select(_ => second.NextDouble()), Is.EqualTo(numbers));
        first.Reinitialise(7);
        Assert.That(Enumerable.Range(0, 100).Select(_ => first.NextDouble()), Is.EqualTo(numbers));
        first.Reinitialise(8);
        Assert.That(Enumerable.Range(0, 100).Select(_ => first.NextDouble()), Is.Not.EqualTo(numbers));
    }

    [TestCase(typeof(PcgRandom))]
    [TestCase(typeof(RandomStream))]
    [TestCase(typeof(SystemRandom))]
    public void Numbers_are_uniform_and_stay_within_their_bounds(Type kind)
    {
        var random = Make(kind, 1);
        var counts = new int[6];
        var sum = 0.0;
        for (var i = 0; i < 60_000; i++)
        {
            counts[random.Next(-2, 4) + 2]++;
            Assert.That(random.Next(3), Is.InRange(0, 2));
            Assert.That(random.Next(), Is.GreaterThanOrEqualTo(0));
            var x = random.NextDouble();
            Assert.That(x, Is.GreaterThanOrEqualTo(0).And.LessThan(1));
            sum += x;
        }
        Assert.That(counts, Has.All.InRange(9600, 10_400));
        Assert.That(sum / 60_000, Is.InRange(0.495, 0.505));
        Assert.That(random.Next(int.MinValue, int.MaxValue), Is.LessThan(int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0 - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(5, 4));
    }

    [Test]
    public void A_named_stream_depends_on_seed_and_name_alone()
    {
        var (a, b) = (new Simulation(5), new Simulation(5));
        _ = b.Stream("other").NextDouble();
        _ = b.Rand(new Fixed());
        var fromA = a.Stream("arrivals").NextDouble();
        Assert.That(b.Stream("arrivals").NextDouble(), Is.EqualTo(fromA));
        Assert.That(a.Stream("arrivals").NextDouble(), Is.Not.EqualTo(fromA), "the stream goes on");
        Assert.That(new Simulation(6).Stream("arrivals").NextDouble(), Is.Not.EqualTo(fromA));
        Assert.That(a.Stream("service").NextDouble(), Is.Not.EqualTo(fromA));
        a.Reset(5);
        Assert.That(a.Stream("arrivals").NextDouble(), Is.EqualTo(fromA));
    }

    [Test]
    public void Named_streams_are_uncorrelated()
    {
        var (a, b) = (new RandomStream(0, "a"), new RandomStream(0, "b"));
        var covariance = Enumerable.Range(0, 100_000).Average(_ => (a.NextDouble() - 0.5) * (b.NextDouble() - 0.5));
        // One standard deviation of this average is 1/12 / sqrt(100000) = 0.00026.
        Assert.That(covariance, Is.InRange(-0.001, 0.001));
    }

    static IRandom Make(Type kind, int seed) => kind == typeof(RandomStream) ? new RandomStream(seed, "x") : (IRandom)Activator.CreateInstance(kind, seed)!;

    sealed class Fixed : IDistribution<double>
    {
        public double Sample(IRandom random) => random.NextDouble();

        public IEnumerable<double> Sample(IRandom random, int n) => Enumerable.Range(0, n).Select(_ => Sample(random));
    }
}
