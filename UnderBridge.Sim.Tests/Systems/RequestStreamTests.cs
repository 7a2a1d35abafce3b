using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Systems.Services;

namespace UnderBridge.Sim.Tests;

public class RequestStreamTests
{
    static RequestStream Stream(int seed, int servers, int requests, int calls = 3, Popularity popularity = default) =>
        new(new Simulation(seed).Stream("requests"), servers, requests, calls, popularity);

    static long[] Counts(RequestStream stream, int first, int requests)
    {
        var counts = new long[stream.Servers];
        stream.Count(first, requests, counts);
        return counts;
    }

    [TestCase(0.99)]
    [TestCase(0)]
    [TestCase(2)]
    public void Servers_are_called_as_Zipfs_law_says(double exponent)
    {
        const int servers = 16, requests = 20_000, draws = 4 * requests;
        var counts = Counts(Stream(3, servers, requests, popularity: new Popularity(exponent, 0, 0)), 0, requests).OrderDescending().ToList();
        var weights = Enumerable.Range(1, servers).Select(rank => Math.Pow(rank, -exponent)).ToList();
        Assert.That(counts.Sum(), Is.EqualTo(draws));
        for (var rank = 0; rank < servers; rank++)
        {
            var share = weights[rank] / weights.Sum();
            Assert.That(counts[rank], Is.EqualTo(draws * share).Within(5 * Math.Sqrt(draws * share * (1 - share))), $"rank {rank + 1}");
        }
    }

    [Test]
    public void A_stream_follows_from_its_seed_and_servers_do_not_boot_by_rank()
    {
        var popularity = new Popularity(0.99, 0, 0);
        long[] Of(int seed) => Counts(Stream(seed, 32, 2000, popularity: popularity), 0, 2000);
        var (once, again, other) = (Of(1), Of(1), Of(2));
        Assert.That(again, Is.EqualTo(once));
        Assert.That(other, Is.Not.EqualTo(once));
        Assert.That(Enumerable.Range(1, 8).Select(seed => Array.IndexOf(Of(seed), Of(seed).Max())).Distinct().Count(), Is.GreaterThan(3), "where the hottest one boots");
    }

    [Test]
    public void The_ranking_moves_on_when_it_should_and_by_as_much()
    {
        const int servers = 12, every = 500;
        var shifting = Stream(5, servers, 3 * every, popularity: new Popularity(2, every, 5));
        var fixedOne = Stream(5, servers, 3 * every, popularity: new Popularity(2, 0, 5));
        Assert.That(Counts(shifting, 0, every), Is.EqualTo(Counts(fixedOne, 0, every)), "not before");
        int[] Hottest(RequestStream stream) => [.. Enumerable.Range(0, 3).Select(phase => Array.IndexOf(Counts(stream, phase * every, every), Counts(stream, phase * every, every).Max()))];
        Assert.That(Hottest(shifting).Distinct().Count(), Is.EqualTo(3));
        Assert.That(Hottest(fixedOne).Distinct().Count(), Is.EqualTo(1));
        // Only the names of the servers change: the counts of a phase, by rank, are those of the ranking that stays.
        for (var phase = 0; phase < 3; phase++)
            Assert.That(Counts(shifting, phase * every, every).Order(), Is.EqualTo(Counts(fixedOne, phase * every, every).Order()));
    }
}
