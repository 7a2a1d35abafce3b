using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>What an audit says is what the simulated processor does.</summary>
sealed class AuditTests
{
    const int Systems = 40;

    static readonly Access[] accesses = [Access.Fetch, Access.Read, Access.Write];

    static Decision Of(in Verdict verdict, Access access) => access switch { Access.Fetch => verdict.Execute, Access.Read => verdict.Read, _ => verdict.Write };

    // One touch as code makes it: true when it did not fault.
    static bool Touch(Core core, Actor actor, Region region, Access access)
    {
        var before = core.Faults.Count;
        if (access == Access.Fetch) core.Run(actor.Owner, new Footprint("touch", new FootprintPart(region, 1, Access.Fetch)));
        else core.Touch(actor.Owner, region, 0, 1, access == Access.Write);
        return core.Faults.Count == before;
    }

    static bool TouchFrom(Core core, Standpoint at, Actor actor, Region region, Access access)
    {
        at.Take(core, actor.Owner);
        return Touch(core, actor, region, access);
    }

    [Test]
    public void What_an_audit_forbids_faults_wherever_calls_put_an_actor_and_what_it_allows_succeeds_where_it_says()
    {
        var (allowed, forbidden) = (0, 0);
        for (var seed = 0; seed < Systems; seed++)
        {
            var system = RandomSystem.Of(seed);
            var audit = Audit.Of(system.Cast);
            var regions = system.System.Machine.Regions.ToList();
            var other = system.System.Machine.NewObserver();
            system.Everywhere(actor =>
            {
                foreach (var region in regions)
                    foreach (var access in accesses)
                    {
                        var decision = Of(audit[actor, region], access);
                        var succeeded = Touch(system.System.Core, actor, region, access);
                        if (succeeded) Assert.That(decision.Allowed, $"seed {seed}, {system}: {actor} does {access} on {region}, which the audit forbids by {decision.Rule}");
                        else if (decision.Allowed)
                            Assert.That(TouchFrom(other, decision.At, actor, region, access), $"seed {seed}, {system}: {actor} can not do {access} on {region}, which the audit allows at {decision.At}");
                        if (succeeded) allowed++;
                        else forbidden++;
                    }
            });
        }
        Assert.That(Math.Min(allowed, forbidden), Is.GreaterThan(1000), "both sides were tried");
    }

    [Test]
    public void An_audit_is_what_the_manual_says_of_the_page_tables_at_every_standpoint()
    {
        for (var seed = 0; seed < Systems; seed++)
        {
            var system = RandomSystem.Of(seed);
            foreach (var broken in new[] { Assumptions.None, Assumptions.NoUnguardedWrpkru | Assumptions.MonitorCorrect | Assumptions.NoUnguardedVmfunc }) Compare(system, broken, seed);
        }
    }

    static void Compare(RandomSystem system, Assumptions broken, int seed)
    {
        var mappings = system.System.Mappings.ToHashSet();
        var (audit, standpoints) = (Audit.Of(system.Cast, broken), new Standpoints(system.Cast));
        foreach (var actor in system.Cast.All)
        {
            var places = standpoints.Of(actor, broken);
            foreach (var region in system.System.Machine.Regions)
                foreach (var access in accesses)
                    Assert.That(Of(audit[actor, region], access).Allowed, Is.EqualTo(places.Any(at => NaiveProtection.Allows(mappings, region, at, access))),
                        $"seed {seed}, {system}, {broken}: {actor}, {access}, {region}");
        }
    }

    [Test]
    public void The_standpoints_of_an_actor_hold_every_state_in_which_calls_leave_the_core_to_it()
    {
        for (var seed = 0; seed < Systems; seed++)
        {
            var system = RandomSystem.Of(seed);
            var standpoints = new Standpoints(system.Cast);
            system.Everywhere(actor => Assert.That(standpoints.Of(actor), Does.Contain(Standpoint.Of(system.System.Core) with { KernelView = system.System.Core.KernelView && system.System.Core.Space!.Kpti }),
                $"seed {seed}, {system}: {actor}"));
        }
    }

    [Test]
    public void A_flipped_bit_of_a_page_table_entry_or_of_PKRU_changes_audit_and_faults_alike()
    {
        var changes = new Dictionary<string, int>();
        for (var seed = 0; seed < Systems; seed++)
        {
            var random = new Random(~seed);
            var system = RandomSystem.Of(seed);
            var before = Picture(Audit.Of(system.Cast), system);
            var flipped = Flip(system, random);
            var (audit, picture) = (Audit.Of(system.Cast), Picture(Audit.Of(system.Cast), system));
            if (!picture.SequenceEqual(before)) changes[flipped] = changes.GetValueOrDefault(flipped) + 1;
            var core = system.System.Machine.NewObserver();
            foreach (var actor in system.Cast.All)
                foreach (var region in system.System.Machine.Regions)
                    foreach (var access in accesses)
                    {
                        var decision = Of(audit[actor, region], access);
                        Assert.That(TouchFrom(core, decision.At, actor, region, access), Is.EqualTo(decision.Allowed), $"seed {seed}, {system}: {flipped}; {actor}, {access}, {region}");
                    }
        }
        Assert.That(changes.Keys, Is.EquivalentTo(new[] { "U/K", "R/W", "NX", "key", "PKRU" }), "a flip of each kind was seen");
    }

    static string Flip(RandomSystem system, Random random)
    {
        var regions = system.System.Machine.Regions.Where(region => region.Owner.Kind is Observations.OwnerKind.App or Observations.OwnerKind.Server).ToList();
        var region = regions[random.Next(regions.Count)];
        switch (random.Next(5))
        {
            case 0: region.UserAccessible = !region.UserAccessible; return "U/K";
            case 1: region.Writable = !region.Writable; return "R/W";
            case 2: region.Executable = !region.Executable; return "NX";
            case 3: region.Key ^= 1 << random.Next(4); return "key";
            default:
                var place = system.Cast.Untrusted[random.Next(system.Cast.Untrusted.Count)].Place!;
                place.Rights ^= 1u << (2 * region.Key + random.Next(2));
                return "PKRU";
        }
    }

    static List<bool> Picture(Audit audit, RandomSystem system) =>
        [.. system.Cast.All.SelectMany(actor => system.System.Machine.Regions.SelectMany(region => accesses.Select(access => Of(audit[actor, region], access).Allowed)))];

    // Directed: the bit decides this very access, one way and back.
    [Test]
    public void The_key_of_one_page_decides_whether_a_server_of_UnderBridge_reads_it()
    {
        var stage = Stage("underbridge");
        var (attacker, data) = (stage.Attacker, stage.System.Machine.Regions.Single(region => region.Name == "disk data"));
        Assert.That((Audit.Of(stage.Cast)[attacker, data].Read.Rule, Read(stage, data)), Is.EqualTo((ProtectionRule.KeyAccess, false)));
        data.Key = attacker.Place!.Key;
        Assert.That((Audit.Of(stage.Cast)[attacker, data].Read.Rule, Read(stage, data)), Is.EqualTo((ProtectionRule.Allowed, true)));
    }

    [Test]
    public void One_bit_of_PKRU_decides_whether_a_server_of_UnderBridge_reads_the_kernel()
    {
        var stage = Stage("underbridge");
        var (attacker, data) = (stage.Attacker, stage.System.Machine.Regions.Single(region => region.Name == "kernel data"));
        Assert.That((Audit.Of(stage.Cast)[attacker, data].Read.Rule, Read(stage, data)), Is.EqualTo((ProtectionRule.KeyAccess, false)));
        stage = Stage("underbridge");
        stage.Attacker.Place!.Rights &= ~1u;
        data = stage.System.Machine.Regions.Single(region => region.Name == "kernel data");
        Assert.That((Audit.Of(stage.Cast)[stage.Attacker, data].Read.Allowed, Audit.Of(stage.Cast)[stage.Attacker, data].Write.Rule), Is.EqualTo((true, ProtectionRule.KeyWrite)));
        Assert.That(Read(stage, data));
    }

    static bool Read(AttackStage stage, Region region)
    {
        var read = false;
        stage.As(stage.Servers[0], () => read = Touch(stage.Core, stage.Attacker, region, Access.Read));
        return read;
    }

    internal static readonly Programs Programs = new(
        Shipped.Catalogue.Programs["sqlite"], Shipped.Catalogue.Programs["file-system"], Shipped.Catalogue.Programs["disk"], Shipped.Catalogue.Programs["echo"]);

    internal static AttackStage Stage(string system, KptiVariant variant = KptiVariant.Default) => new(Bench.Spec(system, variant: variant), Programs, seed: 1);

    [TestCase("underbridge", KptiVariant.Default, "disk data", "read, write: key 2 closed in PKRU fffffcf3; execute: NX; call: no code")]
    [TestCase("underbridge", KptiVariant.Default, "file-system data", "read, write: user page in ring 0, key 1 open in PKRU fffffcf3; execute: NX; call: no code")]
    [TestCase("underbridge", KptiVariant.Default, "underbridge-gate.gate code",
        "read: key 0 closed in PKRU fffffcf3; write: R/W bit: read-only; execute: fetches know no keys (execute-only by key 0); call: a jump, with its own rights")]
    [TestCase("sel4", KptiVariant.NoKpti, "kernel data", "read, write, execute: U/K bit: supervisor page; call: no code")]
    [TestCase("sel4", KptiVariant.Kpti, "kernel data", "read, write, execute: KPTI: not mapped in the user's page table; call: no code")]
    [TestCase("sel4", KptiVariant.Kpti, "disk stub code", "read, write, execute: not mapped; call: system call only")]
    [TestCase("skybridge", KptiVariant.Default, "echo data", "read, write, execute: not mapped; call: no code")]
    [TestCase("monolithic", KptiVariant.Default, "disk data", "read, write: ring 0, supervisor page; execute: NX; call: no code")]
    public void An_audit_names_the_rule_that_decides(string system, KptiVariant variant, string region, string because)
    {
        var stage = Stage(system, variant);
        var verdict = Audit.Of(stage.Cast)[stage.Attacker, stage.System.Machine.Regions.Single(one => one.Name == region)];
        Assert.That(Because.Of(verdict, stage.System.Spec.Kernel.Features.Kpti), Is.EqualTo(because));
    }

    // The second server was granted to the first and to the app, the third to the app alone.
    [TestCase("underbridge", Entry.Gate, Entry.SystemCall)]
    [TestCase("sel4", Entry.SystemCall, Entry.SystemCall)]
    [TestCase("skybridge", Entry.Gate, Entry.Gate)]
    [TestCase("erim", Entry.Gate, Entry.Gate)]
    [TestCase("monolithic", Entry.Direct, Entry.SystemCall)]
    public void Only_who_was_granted_a_capability_may_call(string system, Entry byServer, Entry byApp)
    {
        var stage = Stage(system);
        var audit = Audit.Of(stage.Cast);
        Entry Call(Actor by, int server) => audit[by, stage.Cast[stage.Servers[server].Principal].EntryCode!].Call;
        Assert.That((Call(stage.Attacker, 1), Call(stage.App, 1)), Is.EqualTo((byServer, byApp)));
        Assert.That((Call(stage.Attacker, 2), Call(stage.Cast.Untrusted.Single(actor => actor.Name == "stranger"), 1)), Is.EqualTo((Entry.None, Entry.None)));
    }

    [Test]
    public void An_audit_of_a_running_system_leaves_no_trace_in_it()
    {
        long Elapsed(bool audited)
        {
            var system = RandomSystem.Of(3);
            for (var i = 0; i < 3; i++)
            {
                system.Everywhere(actor => { if (audited) Audit.Of(system.Cast); });
            }
            return system.System.Processor.Elapsed;
        }

        Assert.That(Elapsed(audited: true), Is.EqualTo(Elapsed(audited: false)));
    }
}
