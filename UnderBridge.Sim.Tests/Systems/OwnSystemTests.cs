using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

/// <summary>A system put together in code: what is wrong with it is said at once, by name.</summary>
sealed class OwnSystemTests
{
    static readonly Sourced<double> ten = new("store.step", 10, "cycles", Grade.Assumed, new Citation("user", "this test"));
    static readonly ProgramSpec program = Bench.Echo with { Name = "store", Prices = new Dictionary<string, Sourced<double>> { ["step"] = ten, ["line"] = ten with { Name = "store.line" } } };

    /// <summary>Does what a test says, with two prices and a region of 5000 bytes, which takes two pages of 64 lines.</summary>
    sealed class Planned(Action<ServerPlan> plan) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames { get; init; } = ["step", "line"];
        public IReadOnlyList<ServerRegion> Regions { get; } = [new("values", 5000)];
        public IReadOnlyList<int> Callees { get; init; } = [];
        public void Plan(in ServerRequest request, ServerPlan to) => plan(to);
    }

    static SimulatedSystem System(string design = "underbridge") => new(Bench.Spec(design), seed: 1);

    static ReplayApp Caller(SimulatedSystem system, IServerHandler handler, int calls = 1) => new(
        system, Bench.Echo with { Name = "app" }, [.. Enumerable.Repeat(new ReplayCall(100, Server: 0, default, EndsOperation: true), calls)],
        system.AddServers(1, (program, handler)), ten with { Name = "compute" }, workScale: 1);

    [TestCase("stop", "; did you mean 'step'?")]
    [TestCase("unlike", "")]
    public void A_server_without_a_price_that_its_handler_names_is_refused_before_anything_is_added(string name, string meant)
    {
        var system = System();
        var refused = Assert.Throws<ArgumentException>(() => system.AddServers(1, (program, new Planned(_ => { }) { PriceNames = [name] })));
        Assert.That(refused!.Message, Does.StartWith($"the server 'store' has no price '{name}', which its handler names; its prices are line, step{meant} ("));
        Assert.That((system.Servers.Count, system.Principals.Count), Is.EqualTo((0, 0)));
        Assert.That(() => system.AddServers(1, (program, new Planned(_ => { }))), Throws.Nothing);
    }

    [Test]
    public void A_server_without_any_price_is_told_so() => Assert.That(
        () => System().AddServers(1, (program with { Prices = new Dictionary<string, Sourced<double>>() }, new Planned(_ => { }))),
        Throws.ArgumentException.With.Message.StartsWith("the server 'store' has no price 'step', which its handler names; it has none"));

    [Test]
    public void A_price_that_is_no_number_is_refused() => Assert.That(
        () => System().AddServers(1, (program with { Prices = new Dictionary<string, Sourced<double>> { ["step"] = ten with { Value = double.NaN }, ["line"] = ten } }, new Planned(_ => { }))),
        Throws.ArgumentException.With.Message.EqualTo("the program 'store' has store.step at NaN cycles, expected 0 or more"));

    [TestCase(double.NaN)]
    [TestCase(-1)]
    [TestCase(double.PositiveInfinity)]
    public void A_scale_of_work_that_is_no_factor_is_refused(double scale) =>
        Assert.That(() => System().AddServers(scale, (program, new Planned(_ => { }))), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Two_servers_of_one_name_are_refused_by_that_name()
    {
        var system = System();
        Assert.That(() => system.AddServers(1, (program, new Planned(_ => { })), (program, new Planned(_ => { }))),
            Throws.ArgumentException.With.Message.EqualTo("there is already an app or server 'store'; give each program a name of its own: program with { Name = ... }"));
        system.AddServers(1, (program, new Planned(_ => { })));
        Assert.That(() => system.AddApp(program), Throws.ArgumentException.With.Message.Contains("'store'"));
    }

    [Test]
    public void A_handler_that_names_a_server_that_there_is_not_is_refused() => Assert.That(
        () => System().AddServers(1, (program, new Planned(_ => { }) { Callees = [1] })),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("the server 'store' says that it calls server 1, expected 0 to 0, of those added together"));

    static IEnumerable<TestCaseData> WrongPlans()
    {
        TestCaseData Case(string message, Action<ServerPlan> plan) => new TestCaseData(plan, message).SetArgDisplayNames(message);

        yield return Case("the server 'store' plans -3 units of price 'step', expected 0 or more", plan => plan.Work(0, -3));
        yield return Case("the server 'store' plans NaN units of price 'step', expected 0 or more", plan => plan.Work(0, double.NaN));
        yield return Case("the server 'store' plans Infinity units of price 'line', expected 0 or more", plan => plan.Copy(1, double.PositiveInfinity));
        yield return Case("the server 'store' names price 2, expected 0 ('step'), 1 ('line')", plan => plan.Work(2, 1));
        yield return Case("the server 'store' names price -1, expected 0 ('step'), 1 ('line')", plan => plan.Copy(-1, 1));
        yield return Case("the server 'store' touches -4 lines of region 'values', expected 0 or more", plan => plan.Touch(0, 0, -4, write: false));
        yield return Case("the server 'store' touches region 'values' from line -1, expected 0 or more", plan => plan.Touch(0, -1, 4, write: false));
        yield return Case("the server 'store' names region 1, expected 0 ('values')", plan => plan.Touch(1, 0, 1, write: false));
        yield return Case("the server 'store' touches lines 127 to 128 of region 'values', which has 128 in its pages", plan => plan.Touch(0, 127, 2, write: false));
        yield return Case("the server 'store' touches lines 2147483647 to 2147483648 of region 'values', which has 128 in its pages", plan => plan.Touch(0, int.MaxValue, 2, write: false));
        yield return Case("the server 'store' calls server 1, expected 0 to 0, of those that it was added with", plan => plan.Call(1, default));
        yield return Case("the server 'store' calls server -1, expected 0 to 0, of those that it was added with", plan => plan.Call(-1, default));
    }

    [TestCaseSource(nameof(WrongPlans))]
    public void A_plan_that_a_server_can_not_perform_is_refused_with_what_it_may_plan(Action<ServerPlan> plan, string message)
    {
        var app = Caller(System(), new Planned(plan));
        Assert.That(() => app.Run(_ => { }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
    }

    [TestCase("underbridge")]
    [TestCase("monolithic")]
    [TestCase("sel4")]
    public void The_rest_of_a_regions_last_page_is_the_servers_too(string design)
    {
        var system = System(design);
        Caller(system, new Planned(plan => plan.Touch(0, 0, 128, write: true))).Run(_ => { });
        Assert.That(system.Core.Faults, Is.Empty);
    }

    [Test]
    public void A_plan_of_no_server_takes_any_index_and_no_negative_amount()
    {
        var plan = new ServerPlan();
        plan.Work(7, 1);
        plan.Touch(3, 0, 1000, write: false);
        plan.Call(9, default);
        Assert.That(plan.Count, Is.EqualTo(3));
        Assert.That(() => plan.Work(7, -1), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("a server plans -1 units of price 7"));
        Assert.That(() => plan.Touch(3, 0, -1, write: false), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_plan_that_is_checked_allocates_nothing_once_it_has_grown()
    {
        var plan = new ServerPlan("store", ["step", "line"]);
        plan.Connect([("values", 128)], servers: 1);
        void Write()
        {
            plan.Clear();
            for (var i = 0; i < 1000; i++)
            {
                plan.Work(0, i);
                plan.Touch(0, i % 64, 64, write: true);
                plan.Call(0, default);
            }
        }
        Write();
        Assert.That(Allocated.Least(Write), Is.Zero);
    }

    [Test]
    public void What_was_booked_between_two_marks_is_the_time_that_passed_with_the_numbers_it_rests_on()
    {
        const int WarmUp = 20, Calls = 50;
        var system = System();
        var app = Caller(system, new Planned(plan => plan.Work(0, 3)), WarmUp + Calls);
        LedgerMark? warm = null;
        app.Run(ended => warm = ended == WarmUp ? LedgerMark.Take(system) : warm);
        var booked = LedgerMark.Take(system).Since(warm!);
        Assert.That(booked.Total, Is.EqualTo(app.OperationEnds[^1] - app.OperationEnds[WarmUp - 1]));
        Assert.That((booked.ByCause[Cause.WorkServer], booked.ByCause[Cause.WorkApp]), Is.EqualTo((Calls * 30L, Calls * 100L)));
        Assert.That(booked.ByNumber.Sum(share => share.Cycles), Is.EqualTo(booked.Total).Within(1), "before rounding");
        var work = booked.ByNumber.Single(share => share.Number.Name == "store.step");
        Assert.That((work.Cause, work.Cycles, work.Number.Grade), Is.EqualTo((Cause.WorkServer, Calls * 30.0, Grade.Assumed)));
        Assert.That(booked.ByNumber, Has.None.Matches<NumberShare>(share => share.Cycles == 0));
    }

    [Test]
    public void Marks_of_two_systems_have_no_difference() =>
        Assert.That(() => LedgerMark.Take(System()).Since(LedgerMark.Take(System())), Throws.ArgumentException);

    // What an app's process may leave out, and what is said of it.

    [TestCase("enqueue", "app calls store, but nobody has the core: it is to be asked for by Processor.Enqueue, and waited for")]
    [TestCase("start", "app calls store, but the core is in another's hands, with the address space of another: a process that gets the core is to Start, or to enqueue with the registers it saved")]
    [TestCase("resume", "app calls store, but it has not resumed from the call before: it is to yield that call's event, then Resume")]
    [TestCase("spend", "core 0 is released while ")]
    [TestCase("the keeping to one release", "core 0 is released, but nobody has it: a process is to Enqueue, and to wait until the core is its own")]
    public void An_app_that_leaves_out_a_step_is_refused(string left, string message)
    {
        var system = System();
        var server = system.AddServers(1, (program, new Planned(plan => plan.Work(0, 1))))[0];
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        system.Connect(app, server);
        var refused = Assert.Throws<InvalidOperationException>(() => system.Run(system.Environment.Process(Calls())));
        Assert.That(refused!.Message, Does.StartWith(message));

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            if (left != "enqueue")
            {
                system.Processor.Enqueue(dispatched);
                yield return dispatched.Wait();
            }
            if (left != "start") app.Start(system.Core);
            for (var call = 0; call < (left == "resume" ? 2 : 1); call++)
            {
                yield return app.Call(server, default);
                if (left != "resume") app.Resume(system.Core);
            }
            if (left != "spend") yield return system.Processor.Spend();
            system.Processor.Release();
            system.Processor.Release();
        }
    }

    [Test]
    public void An_app_that_calls_while_another_has_the_core_is_refused()
    {
        var system = System();
        var server = system.AddServers(1, (program, new Planned(_ => { })))[0];
        var apps = new[] { "one", "two" }.Select(name => system.AddApp(Bench.Echo with { Name = name })).ToList();
        foreach (var app in apps) system.Connect(app, server);
        var refused = Assert.Throws<InvalidOperationException>(() => system.Run(system.Environment.Process(Calls())));
        Assert.That(refused!.Message, Does.StartWith("two calls store, but the core is in another's hands"));

        IEnumerable<Event> Calls()
        {
            var dispatched = new Signal(system.Environment);
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            apps[0].Start(system.Core);
            yield return apps[1].Call(server, default);
        }
    }
}
