using CsCheck;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

public class ProtectionKeysTests
{
    // A take is a non-negative number; a release names the holder to go by its place among those who hold a key.
    [Test]
    public void Keys_are_a_set_of_fifteen_names_whatever_is_taken_and_given_back() => Gen.Int[-15, 20].Array[0, 200].Sample(steps =>
    {
        var keys = new ProtectionKeys("kernel");
        var model = new SortedDictionary<int, string> { [0] = "kernel" };
        foreach (var (step, i) in steps.Select((step, i) => (step, i)))
        {
            if (step < 0 && model.Count > 1)
            {
                var held = model.Keys.Skip(1).ElementAt(-step % (model.Count - 1));
                keys.Release(new ProtectionKey(held));
                model.Remove(held);
            }
            else if (keys.TryTake($"holder {i}", out var key))
            {
                Assert.That(model.TryAdd(key.Number, $"holder {i}"), "nobody else holds it");
                Assert.That(Enumerable.Range(0, key.Number), Is.SubsetOf(model.Keys), "the lowest free one");
            }
            else
            {
                Assert.That(model, Has.Count.EqualTo(Pkru.Keys));
                var full = Assert.Throws<KeysExhaustedException>(() => keys.Take("late"));
                Assert.That((full!.Asked, full.Holders.Count), Is.EqualTo(("late", 16)));
            }
            Assert.That(keys.Holders, Is.EqualTo(Enumerable.Range(0, Pkru.Keys).Select(number => model.GetValueOrDefault(number))));
            Assert.That(keys.Free, Is.EqualTo(Pkru.Keys - model.Count));
        }
    });

    [Test]
    public void A_key_that_nobody_holds_and_the_kernels_own_can_not_be_given_back()
    {
        var keys = new ProtectionKeys("kernel");
        Assert.That(() => keys.Release(ProtectionKey.Kernel), Throws.ArgumentException);
        Assert.That(() => keys.Release(new ProtectionKey(7)), Throws.ArgumentException.With.Message.StartsWith("nobody holds memory domain 7"));
    }

    [Test]
    public void A_domain_reaches_its_own_key_and_its_channels_and_nothing_else() =>
        Gen.Select(Gen.Int[-1, 15], Gen.Int[1, 15].Array[0, 4], Gen.Bool).Sample((own, channels, inProcess) =>
        {
            var domain = new ExecutionDomain("server", reachesDomainZero: inProcess) { Key = own < 0 ? null : new ProtectionKey(own) };
            foreach (var channel in channels) domain.Join(new ProtectionKey(channel));
            for (var key = 0; key < Pkru.Keys; key++)
            {
                var reached = key == own || channels.Contains(key) || inProcess && key == 0;
                Assert.That((Pkru.DeniesAccess(domain.Rights, key), Pkru.DeniesWrites(domain.Rights, key)), Is.EqualTo((!reached, !reached)), $"key {key}");
            }
        });
}
