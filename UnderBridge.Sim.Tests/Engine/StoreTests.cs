using UnderBridge.Sim.Engine;

namespace UnderBridge.Sim.Tests;

public class StoreTests
{
    Simulation env = new();

    [SetUp]
    public void Start() => env = new Simulation(TimeSpan.FromMilliseconds(1));

    object?[] Take(int count, Func<StoreGet> get)
    {
        var gets = Enumerable.Range(0, count).Select(_ => get()).ToArray();
        env.Run();
        return [.. gets.Select(g => g.Value)];
    }

    [Test]
    public void A_store_hands_out_the_oldest_item_a_stack_the_newest_and_a_priority_store_the_most_urgent()
    {
        var store = new Store(env, [1, 2]);
        var stack = new Stack(env, [1, 2]);
        var priority = new PriorityStore(env, [1, 2], [5, 5]);
        store.Put(3);
        stack.Put(3);
        priority.Put(3, -1);
        priority.Put(4);
        Assert.That((store.Count, stack.Count, priority.Count), Is.EqualTo((3, 3, 4)));
        Assert.That(Take(3, store.Get), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(Take(3, stack.Get), Is.EqualTo(new[] { 3, 2, 1 }));
        Assert.That(Take(4, priority.Get), Is.EqualTo(new[] { 3, 4, 1, 2 }));
    }

    [Test]
    public void Getters_wait_for_items_and_are_served_in_order()
    {
        var store = new Store(env);
        var (first, second) = (store.Get(), store.Get());
        store.Put("a");
        store.Put("b");
        env.Run();
        Assert.That((first.Value, second.Value), Is.EqualTo(((object)"a", (object)"b")));
    }

    [Test]
    public void Putters_wait_for_room_and_are_served_in_order()
    {
        var store = new Store(env, 1);
        var puts = new[] { store.Put("a"), store.Put("b"), store.Put("c") };
        Assert.That(puts.Select(p => p.IsTriggered), Is.EqualTo(new[] { true, false, false }));
        store.Get();
        env.Run();
        Assert.That(puts.Select(p => p.IsTriggered), Is.EqualTo(new[] { true, true, false }));
        Assert.That(puts[1].Value, Is.EqualTo("b"));
    }

    [Test]
    public void Nothing_cannot_be_put()
    {
        Assert.Throws<ArgumentNullException>(() => new Store(env).Put(null!));
        Assert.Throws<ArgumentNullException>(() => new Stack(env).Put(null!));
        Assert.Throws<ArgumentNullException>(() => new PriorityStore(env).Put(null!));
        Assert.Throws<ArgumentNullException>(() => new FilterStore(env).Put(null!));
    }

    [Test]
    public void A_store_does_not_start_with_more_than_it_holds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Store(env, [1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => _ = new PriorityStore(env, [1, 2], [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Store(env, 0));
    }

    [Test]
    public void A_filter_store_serves_the_first_getter_that_can_use_an_item()
    {
        var store = new FilterStore(env, [1, 2, 3, 4]);
        Assert.That((store.IsAvailable(i => (int)i > 3), store.IsAvailable(i => (int)i > 4)), Is.EqualTo((true, false)));
        var even = store.Get(i => (int)i % 2 == 0);
        var ten = store.Get(i => (int)i == 10);
        var any = store.Get();
        env.Run();
        Assert.That((even.Value, ten.IsTriggered, any.Value), Is.EqualTo(((object)2, false, (object)1)));
        store.Put(10);
        env.Run();
        Assert.That((ten.Value, store.Count), Is.EqualTo(((object)10, 2)));
    }

    [Test]
    public void An_item_is_not_lost_to_a_getter_that_gave_up()
    {
        var (store, stack, priority, filter) = (new Store(env), new Stack(env), new PriorityStore(env), new FilterStore(env));
        StoreGet[] given = [store.Get(), stack.Get(), priority.Get(), filter.Get()];
        StoreGet[] waiting = [store.Get(), stack.Get(), priority.Get(), filter.Get()];
        foreach (var get in given) Assert.That(get.Withdraw());
        foreach (var get in given) Assert.That(get.Withdraw(), Is.False);
        store.Put("x");
        stack.Put("x");
        priority.Put("x");
        filter.Put("x");
        env.Run();
        Assert.That(given, Has.None.Property(nameof(Event.IsTriggered)).True);
        Assert.That(waiting.Select(g => g.Value), Is.All.EqualTo("x"));
        Assert.That(waiting[0].Withdraw(), Is.False);
    }

    [Test]
    public void A_putter_that_gave_up_leaves_its_room_to_the_next()
    {
        var store = new Store(env, ["old"], 1);
        var (gone, next) = (store.Put("gone"), store.Put("next"));
        Assert.That((gone.Withdraw(), gone.Withdraw()), Is.EqualTo((true, false)));
        Assert.That(Take(2, store.Get), Is.EqualTo(new[] { "old", "next" }));
        Assert.That(next.Withdraw(), Is.False);
    }

    [Test]
    public void Hooks_tell_when_there_is_something_new_something_nothing_no_room_or_a_change()
    {
        var store = new Store(env, 2);
        Event[] hooks = [store.WhenNew(), store.WhenAny(), store.WhenFull(), store.WhenEmpty(), store.WhenChange()];
        Assert.That(Triggered(), Is.EqualTo("   E "));
        store.Put(1);
        Assert.That(Triggered(), Is.EqualTo("NA EC"));
        store.Put(2);
        Assert.That(Triggered(), Is.EqualTo("NAFEC"));
        hooks = [store.WhenNew(), store.WhenAny(), store.WhenFull(), store.WhenEmpty(), store.WhenChange()];
        Assert.That(Triggered(), Is.EqualTo(" AF  "));
        store.Get();
        Assert.That(Triggered(), Is.EqualTo(" AF C"));
        store.Get();
        Assert.That(Triggered(), Is.EqualTo(" AFEC"));

        string Triggered() => string.Concat(hooks.Zip("NAFEC", (h, letter) => h.IsTriggered ? letter : ' '));
    }

    [Test]
    public void Monitors_follow_a_store()
    {
        var store = new Store(env, 2)
        {
            Utilization = new TimeSeriesMonitor(env), WIP = new TimeSeriesMonitor(env), LeadTime = new SampleMonitor(),
            PutQueueLength = new TimeSeriesMonitor(env), PutWaitingTime = new SampleMonitor(),
            GetQueueLength = new TimeSeriesMonitor(env), GetWaitingTime = new SampleMonitor(),
        };
        for (var i = 0; i < 3; i++) store.Put(i);
        env.RunD(4);
        store.Get();
        env.RunD(6);
        Assert.That((store.Utilization.Mean, store.WIP.Mean, store.PutQueueLength.Mean, store.GetQueueLength.Mean), Is.EqualTo((1.0, 2.4, 0.4, 0.0)));
        Assert.That((store.LeadTime.Sum, store.PutWaitingTime.Sum, store.GetWaitingTime.Sum), Is.EqualTo((4.0, 4.0, 0.0)));
    }

    [Test]
    public void A_derived_class_reaches_queues_and_items()
    {
        var store = new Open(env);
        store.Put("x", 3);
        Assert.That((store.Urgency, store.Getters, store.Putters), Is.EqualTo((3.0, 0, 0)));
        store.Get();
        store.Get();
        Assert.That(store.Getters, Is.EqualTo(1));
    }

    [Test]
    public void A_container_serves_each_queue_in_order_and_only_what_fits()
    {
        var container = new Container(env, 10, 5);
        var (large, small) = (container.Get(8), container.Get(1));
        Assert.That((large.IsTriggered, small.IsTriggered), Is.EqualTo((false, false)));
        var put = container.Put(4);
        env.Run();
        Assert.That((large.IsTriggered, small.IsTriggered, put.IsTriggered, container.Level), Is.EqualTo((true, true, true, 0.0)));
        var (fill, over) = (container.Put(10), container.Put(0.5));
        env.Run();
        Assert.That((fill.IsTriggered, over.IsTriggered, container.Level), Is.EqualTo((true, false, 10.0)));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    public void A_container_takes_and_gives_only_amounts_above_0(double amount)
    {
        var container = new Container(env, 10, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => container.Put(amount));
        Assert.Throws<ArgumentOutOfRangeException>(() => container.Get(amount));
        Assert.That(container.Level, Is.EqualTo(5.0));
    }

    [Test]
    public void Who_gives_up_an_amount_makes_way_for_those_behind()
    {
        var container = new Container(env, 10, 5);
        var (large, small) = (container.Get(8), container.Get(1));
        Assert.That((large.Withdraw(), small.IsTriggered, small.Withdraw()), Is.EqualTo((true, true, false)));
        var (much, little) = (container.Put(9), container.Put(1));
        Assert.That((much.Withdraw(), little.IsTriggered, little.Withdraw(), container.Level), Is.EqualTo((true, true, false, 5.0)));
    }

    [Test]
    public void Hooks_tell_when_a_container_reaches_a_level_from_either_side()
    {
        var container = new Container(env, 10, 5);
        var (least6, least8, full) = (container.WhenAtLeast(6), container.WhenAtLeast(8), container.WhenFull());
        var (most4, most2, empty) = (container.WhenAtMost(4), container.WhenAtMost(2), container.WhenEmpty());
        var change = container.WhenChange();
        Assert.That((container.WhenAtLeast(5).IsTriggered, container.WhenAtMost(5).IsTriggered), Is.EqualTo((true, true)));
        container.Put(2);
        Assert.That((least6.IsTriggered, least8.IsTriggered, full.IsTriggered, most4.IsTriggered, change.IsTriggered), Is.EqualTo((true, false, false, false, true)));
        container.Put(3);
        Assert.That((least8.IsTriggered, full.IsTriggered), Is.EqualTo((true, true)));
        container.Get(7);
        Assert.That((most4.IsTriggered, most2.IsTriggered, empty.IsTriggered), Is.EqualTo((true, false, false)));
        container.Get(3);
        Assert.That((most2.IsTriggered, empty.IsTriggered), Is.EqualTo((true, true)));
    }

    [Test]
    public void Monitors_follow_a_container()
    {
        var container = new Container(env, 10)
        {
            Fillrate = new TimeSeriesMonitor(env), PutQueueLength = new TimeSeriesMonitor(env), PutWaitingTime = new SampleMonitor(),
            GetQueueLength = new TimeSeriesMonitor(env), GetWaitingTime = new SampleMonitor(),
        };
        container.Get(5);
        env.RunD(2);
        container.Put(10);
        container.Put(10);
        env.RunD(2);
        Assert.That((container.Fillrate.Mean, container.GetQueueLength.Mean, container.PutQueueLength.Mean), Is.EqualTo((0.25, 0.5, 0.5)));
        Assert.That((container.GetWaitingTime.Sum, container.PutWaitingTime.Sum), Is.EqualTo((2.0, 0.0)));
    }

    sealed class Open(Simulation env) : PriorityStore(env)
    {
        public double Urgency => Items.Peek;
        public int Getters => GetQueue.Count;
        public int Putters => PutQueue.Count;
    }
}
