using CsCheck;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Tests;

public class PhysicalMemoryTests
{
    const int LinesPerFrame = 64, L2Sets = 1024, LlcSets = 20 * 2048;

    [Test]
    public void No_two_pages_share_a_frame_and_frame_zero_stays_unused() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 300].Array[1, 12]).Sample((seed, sizes) =>
        {
            var memory = Memory(seed);
            var frames = sizes.SelectMany((pages, n) => n % 4 == 3
                ? memory.Allocate($"region {n}", 1 + pages % 3, PageSize.Large).SelectMany(first => Enumerable.Range(first, 512))
                : memory.Allocate($"region {n}", pages, PageSize.Small)).ToArray();
            return frames.Distinct().Count() == frames.Length && frames.Min() > 0;
        }, iter: 50);

    [Test]
    public void A_region_falls_into_the_same_cache_sets_whatever_was_allocated_before() =>
        Gen.Int[0, 1000].Sample(seed =>
        {
            var (alone, crowded) = (Memory(seed), Memory(seed));
            crowded.Allocate("other", 5000, PageSize.Small);
            crowded.Allocate("huge", 3, PageSize.Large);
            var (first, second) = (alone.Allocate("mine", 100, PageSize.Small), crowded.Allocate("mine", 100, PageSize.Small));
            return first.Zip(second).All(pair => Set(pair.First, L2Sets) == Set(pair.Second, L2Sets) && Set(pair.First, LlcSets) == Set(pair.Second, LlcSets));
        }, iter: 20);

    [Test]
    public void Two_megabyte_pages_are_aligned() =>
        Assert.That(Memory(1).Allocate("huge", 7, PageSize.Large).Select(frame => frame % 512), Is.All.Zero);

    [Test]
    public void Frames_spread_over_all_colours_of_the_second_level_cache()
    {
        var colours = Memory(1).Allocate("spread", 1600, PageSize.Small).GroupBy(frame => Set(frame, L2Sets)).Select(group => group.Count()).ToArray();
        Assert.That(colours, Has.Length.EqualTo(16));
        Assert.That(colours, Is.All.InRange(60, 140), "100 expected, within four standard deviations");
    }

    [Test]
    public void Colours_repeat_with_the_cache_sets_and_with_large_pages() => Assert.That(Memory(1).Colours, Is.EqualTo(2560));

    [Test]
    public void An_odd_number_of_cache_sets_is_allowed() =>
        Assert.That(new PhysicalMemory(1, LinesPerFrame, 1021 * 64 + 1).Allocate("odd", 1000, PageSize.Small).Distinct().Count(), Is.EqualTo(1000));

    static PhysicalMemory Memory(int seed) => new(seed, LinesPerFrame, 64, L2Sets, LlcSets);

    static int Set(int frame, int sets) => (int)((long)frame * LinesPerFrame % sets);
}
