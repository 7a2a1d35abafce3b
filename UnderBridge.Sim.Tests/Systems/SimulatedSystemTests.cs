using UnderBridge.Sim.Engine;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests;

sealed class SimulatedSystemTests
{
    static readonly IReadOnlyDictionary<string, Sourced<double>> Prices = Shipped.Xeon.Prices;

    static IEnumerable<SystemSpec> Everything()
    {
        foreach (var design in Shipped.Catalogue.Designs.Keys)
            foreach (var kernel in Shipped.Catalogue.Kernels.Keys.Where(kernel => kernel != "chcore" || !Shipped.Catalogue.Designs[design].UsesProcesses))
                foreach (var kpti in new[] { true, false })
                    yield return Bench.Spec(design, kernel, Shipped.Catalogue.Kernels[kernel].Features with { Kpti = kpti });
    }

    static string Name(SystemSpec spec) => $"{spec.Design.Name} on {spec.Kernel.Name}, KPTI {spec.Kernel.Features.Kpti}";

    static double NullCall(KernelFeatures features) =>
        Prices["syscall-pair"].Value + (features.Swapgs ? 2 * Prices["swapgs"].Value : 0) + (features.Kpti ? 2 * Prices["cr3-write"].Value : 0);

    [TestCase("chcore", true, 134 + 2 * 26 + 2 * 186)]
    [TestCase("chcore", false, 134 + 2 * 26)]
    [TestCase("sel4", true, 134 + 2 * 186)]
    [TestCase("sel4", false, 134)]
    public void An_app_pays_a_null_system_call_more_than_a_server_for_calling_a_server_of_UnderBridge(string kernel, bool kpti, double nullCall)
    {
        var spec = Bench.Spec("underbridge", kernel, Shipped.Catalogue.Kernels[kernel].Features with { Kpti = kpti });
        var (server, app) = (Bench.ServerRoundTrip(spec), Bench.AppRoundTrip(spec));
        Assert.That((server.Stalls, app.Stalls), Is.EqualTo((0.0, 0.0)), "with PCID nothing is flushed");
        Assert.That(app.Cycles - server.Cycles, Is.EqualTo(nullCall).Within(0.001));
        Assert.That(NullCall(spec.Kernel.Features), Is.EqualTo(nullCall));
    }

    // The kernels of native systems without PCID flush at each CR3 write that KPTI adds: what the app pays beyond the steps is itemised.
    [TestCase("fiasco")]
    [TestCase("zircon")]
    public void Without_PCID_the_app_also_refills_what_the_system_call_flushed(string kernel)
    {
        var features = Shipped.Catalogue.Kernels[kernel].Features with { Kpti = true };
        var spec = Bench.Spec("underbridge", kernel, features);
        var (server, app) = (Bench.ServerRoundTrip(spec), Bench.AppRoundTrip(spec));
        Assert.That(server.Stalls, Is.Zero);
        Assert.That(app.Stalls, Is.GreaterThan(0));
        var (walk, reference) = (Prices["page-walk"].Value, Shipped.Xeon.L1D.Latency.Value);
        bool IsWhole(int walks) => (app.Stalls - walks * walk) / reference is var references && references == Math.Floor(references) && references >= walks && references <= 4 * walks;
        Assert.That(Enumerable.Range(1, 40).Any(IsWhole), $"{app.Stalls} is whole walks of one to four references each");
        Assert.That(app.Cycles - app.Stalls - server.Cycles, Is.EqualTo(NullCall(features)).Within(0.001));
    }

    [Test]
    public void No_system_breaks_the_protection_that_its_design_sets_up()
    {
        foreach (var spec in Everything())
        {
            Assert.That(Bench.ServerRoundTrip(spec).Cycles, Is.GreaterThan(0), Name(spec));
            Assert.That(Bench.AppRoundTrip(spec).Cycles, Is.GreaterThanOrEqualTo(24), Name(spec));
        }
    }

    [Test]
    public void A_path_that_the_verifier_refuses_runs_nowhere()
    {
        var gate = Shipped.Catalogue.Paths["underbridge-gate"];
        var open = gate with { Call = [.. gate.Call.Where(step => step.Kind != StepKind.Authenticate)] };
        var refused = Assert.Throws<PathException>(() => _ = new SimulatedSystem(Bench.Spec("underbridge") with { ServerPath = open }, seed: 1));
        Assert.That(refused!.Message, Is.EqualTo($"underbridge-gate:{gate.Call.Single(step => step.Kind == StepKind.Wrpkru).Line}: wrpkru: takes the callee's rights before anything authenticated the caller"));
    }

    // What follows breaks a running system on purpose: the hardware, not the model's good will, keeps domains apart.

    static (SimulatedSystem System, Principal Caller, Server Callee) Pair(string system, KptiVariant variant = KptiVariant.Default, params ServerRegion[] regions)
    {
        var simulated = new SimulatedSystem(Bench.Spec(system, variant: variant), seed: 1);
        var caller = simulated.AddServerCaller("caller", Bench.Echo);
        var callee = simulated.AddServers(workScale: 1, (Bench.Echo, new Silence(regions)))[0];
        simulated.Connect(caller, callee);
        return (simulated, caller, callee);
    }

    static IReadOnlyList<Fault> CallOnce((SimulatedSystem System, Principal Caller, Server Callee) pair)
    {
        var (system, caller, callee) = pair;
        system.Environment.Run(system.Environment.Process(Calls(system, caller, callee, times: 1)));
        return system.Core.Faults;
    }

    static IEnumerable<Event> Calls(SimulatedSystem system, Principal caller, Server callee, int times, Action<int>? ended = null)
    {
        var dispatched = new Signal(system.Environment);
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        caller.Start(system.Core);
        for (var i = 0; i < times; i++)
        {
            yield return caller.Call(callee, default);
            caller.Resume(system.Core);
            yield return system.Processor.Spend();
            ended?.Invoke(i);
        }
        system.Processor.Release();
    }

    [Test]
    public void A_server_entered_with_the_rights_of_another_domain_faults_on_its_own_data()
    {
        var pair = Pair("underbridge");
        pair.Callee.Principal.Place.Rights = pair.Caller.Place.Rights;
        var fault = CallOnce(pair)[0];
        Assert.That((fault.Owner.Name, fault.Region!.Name, fault.Access, fault.Rule), Is.EqualTo(("echo", "echo stub data", Access.Read, ProtectionRule.KeyAccess)));
    }

    [Test]
    public void A_server_that_writes_into_the_domain_of_its_caller_faults()
    {
        var pair = Pair("underbridge", regions: new ServerRegion("buffer", 64));
        pair.System.Machine.Regions.Single(region => region.Name == "echo buffer").Key = pair.Caller.Place.Key;
        var fault = CallOnce(pair).Single();
        Assert.That((fault.Owner.Name, fault.Region!.Name, fault.Access, fault.Rule), Is.EqualTo(("echo", "echo buffer", Access.Write, ProtectionRule.KeyAccess)));
    }

    [Test]
    public void A_server_whose_page_is_not_mapped_faults_there_and_only_there()
    {
        var pair = Pair("sel4");
        pair.Callee.Principal.Place.Space.Unmap(pair.System.Machine.Regions.Single(region => region.Name == "echo stub data"));
        var faults = CallOnce(pair);
        Assert.That(faults.Select(fault => (fault.Region!.Name, fault.Rule)).Distinct(), Is.EqualTo(new[] { ("echo stub data", ProtectionRule.NotMapped) }));
    }

    [Test]
    public void A_server_of_SkyBridge_reached_without_its_view_finds_nothing_mapped()
    {
        var pair = Pair("skybridge");
        var (system, caller, callee) = pair;
        caller.Start(system.Core);
        system.Core.Run(callee.Principal.Owner, new Footprint("server", system.Machine.Regions.Single(region => region.Name == "echo stub code"), 1, system.Machine.Regions.Single(region => region.Name == "echo stub data"), 1));
        Assert.That(system.Core.Faults.Select(fault => fault.Rule), Is.EqualTo(new[] { ProtectionRule.NotMapped, ProtectionRule.NotMapped }));
    }

    // Servers are user-accessible pages that ring 0 runs: nothing but the state of CR4 lets it.
    [TestCase(Control.Smep, Access.Fetch, ProtectionRule.Smep)]
    [TestCase(Control.Smap, Access.Read, ProtectionRule.Smap)]
    public void UnderBridge_faults_unless_SMEP_and_SMAP_are_off(Control bit, Access access, ProtectionRule rule)
    {
        Assert.That(Bench.Spec("underbridge").Control & (Control.Smep | Control.Smap), Is.EqualTo(Control.None), "its design turns both off");
        var pair = Pair("underbridge");
        pair.System.Core.WriteControl(pair.System.Core.Control | bit, pair.Caller.Owner);
        var faults = CallOnce(pair);
        Assert.That(faults.Select(fault => (fault.Access, fault.Rule)).Distinct(), Is.EqualTo(new[] { (access, rule) }));
    }

    [Test]
    public void With_AC_set_UnderBridge_runs_under_SMAP()
    {
        var pair = Pair("underbridge");
        pair.System.Core.WriteControl(pair.System.Core.Control | Control.Smap, pair.Caller.Owner);
        pair.System.Core.WriteAc(true, pair.Caller.Owner);
        Assert.That(CallOnce(pair), Is.Empty);
    }

    [Test]
    public void Native_kernels_run_with_SMEP_and_SMAP_on()
    {
        foreach (var kernel in new[] { "sel4", "fiasco", "zircon" })
        {
            var pair = Pair(kernel);
            pair.System.Core.WriteControl(pair.System.Core.Control | Control.Smep | Control.Smap, pair.Caller.Owner);
            Assert.That(CallOnce(pair), Is.Empty, kernel);
        }
        Assert.That(Bench.Spec("sel4").Control, Is.EqualTo(Control.Wp | Control.Pke | Control.Pcide | Control.Smep | Control.Smap));
    }

    // Under KPTI the user's page table has nothing of the kernel; without it the U/K bit keeps user mode out.
    [TestCase(KptiVariant.Kpti, ProtectionRule.NotMapped)]
    [TestCase(KptiVariant.NoKpti, ProtectionRule.Supervisor)]
    public void An_app_that_reads_the_kernel_faults(KptiVariant variant, ProtectionRule rule)
    {
        var pair = Pair("sel4", variant);
        pair.Caller.Start(pair.System.Core);
        var kernel = pair.System.Machine.Regions.Single(region => region.Name == "sel4-fastpath.kernel data");
        Assert.That(pair.System.Core.Check(kernel, Access.Read), Is.EqualTo(rule));
    }

    [Test]
    public void A_server_of_UnderBridge_reads_neither_the_kernels_domain_nor_its_neighbours()
    {
        var pair = Pair("underbridge");
        var (system, caller, callee) = pair;
        caller.Start(system.Core);
        var core = system.Core;
        ProtectionRule Read(string region) => core.Check(system.Machine.Regions.Single(known => known.Name == region), Access.Read);

        Assert.That(Read("caller stub data"), Is.EqualTo(ProtectionRule.Allowed));
        Assert.That(Read("echo stub data"), Is.EqualTo(ProtectionRule.KeyAccess));
        Assert.That(Read("underbridge-gate.gate code"), Is.EqualTo(ProtectionRule.KeyAccess), "the gate lies in domain 0: it runs there, because keys do not check fetches");
        core.WritePkru(callee.Principal.End.Rights);
        Assert.That((Read("caller stub data"), Read("echo stub data")), Is.EqualTo((ProtectionRule.KeyAccess, ProtectionRule.Allowed)));
    }

    [Test]
    public void Fifteen_servers_of_UnderBridge_fit_beside_the_kernel_and_a_sixteenth_does_not()
    {
        var system = new SimulatedSystem(Bench.Spec("underbridge"), seed: 1);
        system.AddServers(1, Named(0, 15));
        var full = Assert.Throws<KeysExhaustedException>(() => system.AddServers(1, Named(15, 1)));
        Assert.That(full!.Message, Is.EqualTo("all 16 memory domains of PKU are taken: one by the kernel, one by each server and by each shared channel; 'server 15' asked for one more"));
        Assert.That(full.Holders, Is.EqualTo(new[] { "kernel" }.Concat(Enumerable.Range(0, 15).Select(i => $"server {i}"))));
    }

    [TestCase(14, 1, true)]
    [TestCase(15, 1, false)]
    [TestCase(10, 5, true)]
    [TestCase(10, 6, false)]
    public void Each_channel_that_servers_share_takes_a_domain_too(int servers, int channels, bool fits)
    {
        var system = new SimulatedSystem(Bench.Spec("underbridge"), seed: 1);
        var shared = Enumerable.Range(0, channels).Select(channel => new ServerRegion($"channel {channel}", 4096)).ToArray();
        var added = Named(0, servers);
        foreach (var end in new[] { 0, 1 }) added[end] = (added[end].Program, new Silence(shared));
        if (fits) Assert.That(() => system.AddServers(1, added), Throws.Nothing);
        else Assert.That(() => system.AddServers(1, added), Throws.TypeOf<KeysExhaustedException>());
    }

    [TestCase("sel4")]
    [TestCase("skybridge")]
    [TestCase("monolithic")]
    public void Only_protection_keys_run_out(string name)
    {
        var system = new SimulatedSystem(Bench.Spec(name), seed: 1);
        Assert.That(() => system.AddServers(1, Named(0, 16)), Throws.Nothing);
    }

    static (ProgramSpec Program, IServerHandler Handler)[] Named(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => (Bench.Echo with { Name = $"server {i}" }, (IServerHandler)new Silence()))];

    [Test]
    public void Two_servers_share_a_channel_that_a_third_may_not_touch()
    {
        var system = new SimulatedSystem(Bench.Spec("underbridge"), seed: 1);
        var channel = new ServerRegion("channel", 4096);
        var programs = Named(0, 3);
        var servers = system.AddServers(1, (programs[0].Program, new Silence(channel)), (programs[1].Program, new Silence(channel)), programs[2]);
        var region = system.Machine.Regions.Single(known => known.Name == "channel");
        foreach (var (server, rule) in servers.Zip(new[] { ProtectionRule.Allowed, ProtectionRule.Allowed, ProtectionRule.KeyAccess }))
        {
            server.Principal.Start(system.Core);
            Assert.That(system.Core.Check(region, Access.Write), Is.EqualTo(rule), server.Principal.Owner.Name);
        }
    }

    [Test]
    public void A_warm_call_allocates_not_a_byte_in_any_system()
    {
        foreach (var spec in Everything())
        {
            var system = new SimulatedSystem(spec, seed: 1);
            var caller = system.AddServerCaller("caller", Bench.Echo);
            var callee = system.AddServers(workScale: 1, (Bench.Echo, new Silence()))[0];
            system.Connect(caller, callee);
            var allocated = new long[10_100];
            var loop = system.Environment.Process(Calls(system, caller, callee, allocated.Length, i => allocated[i] = GC.GetAllocatedBytesForCurrentThread()));
            system.Environment.Run(loop);
            Assert.That(Allocated.Least(allocated.Skip(99).Where((_, i) => i % 2000 == 0)), Is.Zero, Name(spec));
        }
    }
}
