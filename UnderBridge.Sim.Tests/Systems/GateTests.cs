using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests;

/// <summary>Who may call whom, and what stands in memory for it.</summary>
public class GateTests
{
    static SimulatedSystem System(string design = "underbridge", string kernel = "chcore") =>
        new(Bench.Spec(design, kernel, Shipped.Catalogue.Kernels[kernel].Features with { Kpti = true }), seed: 1);

    static IReadOnlyList<Server> Add(SimulatedSystem system, params int[][] callees) =>
        system.AddServers(1, [.. callees.Select((one, i) => (Bench.Echo with { Name = $"server {i}" }, (IServerHandler)new Caller(one)))]);

    [Test]
    public void A_gate_stands_for_each_connection_that_was_granted_and_each_server_has_one_to_the_kernel()
    {
        var system = System();
        Add(system, [1, 2], [2], []);
        Assert.That(system.Gates.Select(gate => (gate.Caller.Name, gate.Callee.Name)), Is.EqualTo(new[]
        {
            ("server 0", "server 1"), ("server 0", "server 2"), ("server 1", "server 2"), ("server 0", "ChCore"), ("server 1", "ChCore"), ("server 2", "ChCore"),
        }));
        Assert.That(system.Gates.Select(gate => gate.Token).Distinct().Count(), Is.EqualTo(6), "a token for each");
        Assert.That(system.Gates.Select(gate => gate.Code!.Name).Distinct(), Is.EqualTo(new[] { "underbridge-gate.gate code" }));
    }

    [Test]
    public void A_servers_gate_is_executed_but_not_read_by_it()
    {
        var system = System();
        Add(system, [1], []);
        foreach (var gate in system.Gates)
        {
            system.Principals.Single(principal => principal.Owner == gate.Caller).Start(system.Core);
            Assert.That(system.Core.Check(gate.Code!, Access.Fetch), Is.EqualTo(ProtectionRule.Allowed));
            Assert.That(system.Core.Check(gate.Code!, Access.Read), Is.EqualTo(ProtectionRule.KeyAccess));
            Assert.That(system.Core.Check(gate.Code!, Access.Write), Is.Not.EqualTo(ProtectionRule.Allowed));
        }
    }

    [Test]
    public void An_app_has_no_gate_and_does_not_see_those_of_servers()
    {
        var system = System();
        var servers = Add(system, [1], []);
        var app = system.AddApp(Bench.Echo with { Name = "app" });
        system.Connect(app, servers[0]);
        Assert.That(system.Gates.Select(gate => gate.Caller.Name), Has.None.EqualTo("app"));
        app.Start(system.Core);
        Assert.That(system.Core.Check(system.Gates.First().Code!, Access.Fetch), Is.EqualTo(ProtectionRule.NotMapped), "it enters the kernel first");
    }

    [Test]
    public void A_call_without_a_capability_or_with_another_token_is_refused_and_changes_nothing()
    {
        var system = System();
        var servers = Add(system, [1], [], []);
        var caller = servers[0].Principal;
        var token = caller.To(servers[1])!.Token;
        Assert.That(caller.TryCall(servers[1], new Token(token.Value + 1), default, out var reply), Is.EqualTo(CallRefusal.ForgedToken));
        Assert.That(caller.TryCall(servers[2], token, default, out reply), Is.EqualTo(CallRefusal.NoCapability), "a token is good for one connection");
        Assert.That(reply, Is.Null);
        var refused = Assert.Throws<CallRefusedException>(() => caller.Call(servers[2], default));
        Assert.That(refused!.Message, Is.EqualTo("server 0 may not call server 2: it was granted no capability"));
        Assert.That((servers.Sum(server => server.Calls), system.Core.Ledger.Total), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void The_kernel_reaches_all_memory_of_its_page_table_and_a_server_its_own_domain()
    {
        var system = System("migration", "sel4");
        var servers = Add(system, [], [], []);
        var kernelTable = system.Mappings.Where(mapping => mapping.Space == system.KernelRegisters.Space && mapping.KernelView).Select(mapping => mapping.Region).ToList();
        system.KernelRegisters.Load(system.Core, system.Kernel);
        foreach (var region in kernelTable) Assert.That(system.Core.Check(region, Access.Read), Is.EqualTo(ProtectionRule.Allowed), region.Name);
        foreach (var server in servers)
        {
            server.Principal.Registers.Load(system.Core, system.Kernel);
            var reached = kernelTable.Where(region => system.Core.Check(region, Access.Read) == ProtectionRule.Allowed).ToList();
            Assert.That(reached.Select(region => region.Owner).Distinct(), Is.EqualTo(new[] { server.Principal.Owner }));
            Assert.That(reached, Is.Not.Empty);
        }
    }

    [Test]
    public void A_server_calls_the_kernel_by_a_gate_of_109_cycles_where_a_system_call_would_cost_an_apps()
    {
        var spec = Bench.Spec("migration", "sel4", Shipped.Catalogue.Kernels["sel4"].Features with { Kpti = true });
        var gate = spec.OtherPaths.Single(path => path.Callee == Placement.KernelCode);
        Assert.That(PathVerifier.Verify(gate, spec.Kernel.Features, spec.Machine), Is.Empty);
        Assert.That(StepProgram.Compile(gate, spec.Kernel.Features, spec.Machine, new Evidence.Provenance(), footprints: null).RoundTripPrice, Is.EqualTo(109));
    }

    [TestCase("sel4")]
    [TestCase("fiasco")]
    [TestCase("zircon")]
    public void A_call_out_of_the_kernel_costs_the_kernels_IPC_with_a_gate_for_one_system_call(string kernel)
    {
        foreach (var kpti in new[] { true, false })
        {
            var spec = Bench.Spec("migration", kernel, Shipped.Catalogue.Kernels[kernel].Features with { Kpti = kpti });
            double Price(IpcPath path) => StepProgram.Compile(path, spec.Kernel.Features, spec.Machine, new Evidence.Provenance(), footprints: null).RoundTripPrice;
            var (native, upcall) = (spec.OtherPaths[1], spec.OtherPaths[2]);
            Assert.That(spec.Verify(), Is.Empty);
            Assert.That((upcall.Caller, upcall.Callee), Is.EqualTo((Placement.KernelDomain, Placement.UserProcess)));
            // SYSCALL and SYSRET are a pair wherever they stand; of KPTI's writes, the one that leaves and the one that enters fall away.
            var nullCall = Price(spec.AppPath) - Price(spec.ServerPath);
            Assert.That(Price(upcall), Is.EqualTo(Price(native) - nullCall + Price(spec.ServerPath)).Within(1e-6), $"KPTI {kpti}");
        }
    }

    sealed class Caller(int[] callees) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => callees;

        public void Plan(in ServerRequest request, ServerPlan plan)
        {
            foreach (var callee in callees) plan.Call(callee, request);
        }
    }
}
