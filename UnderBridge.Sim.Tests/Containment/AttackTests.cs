using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using Kind = UnderBridge.Sim.Containment.AttackKind;

namespace UnderBridge.Sim.Tests.Containment;

/// <summary>How each attack ends on each design, on the Xeon Gold 6138, whose loads leak what the U/K bit or a key forbids.</summary>
sealed class AttackTests
{
    // c: contained, a: contained while an assumption holds, b: breached.
    static readonly (string System, KptiVariant Variant, Dictionary<Kind, char> Outcomes)[] expected =
    [
        ("monolithic", KptiVariant.NoKpti, Row("bb bb b b b b b")),
        ("monolithic", KptiVariant.Kpti, Row("bb cb b b b b b")),
        ("erim", KptiVariant.Default, Row("cc bb a a c b c")),
        ("underbridge", KptiVariant.Default, Row("cc cb a a a c c")),
        ("skybridge", KptiVariant.NoKpti, Row("cc bb c a c c c")),
        ("skybridge", KptiVariant.Kpti, Row("cc cc c a c c c")),
        ("server-process", KptiVariant.Kpti, Row("cc cb a a c b c")),
        ("servers-in-apps", KptiVariant.Default, Row("bb bb a a c b b")),
        ("hardened", KptiVariant.Default, Row("cc cb a a a c c")),
        ("bulkhead", KptiVariant.Default, Row("cc cb a a a c c")),
        ("sel4", KptiVariant.NoKpti, Row("cc bb c c c c c")),
        ("sel4", KptiVariant.Kpti, Row("cc cc c c c c c")),
        ("zircon", KptiVariant.Kpti, Row("cc cc c c c c c")),
    ];

    static Dictionary<Kind, char> Row(string outcomes)
    {
        Kind[] kinds = [Kind.WildWrite, Kind.WildRead, Kind.MeltdownByApp, Kind.MeltdownByServer, Kind.ForgedPkru, Kind.GateJump, Kind.PrivilegedInstruction, Kind.ForgedToken, Kind.ConfusedDeputy];
        return kinds.Zip(outcomes.Replace(" ", "", StringComparison.Ordinal)).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    static IEnumerable<TestCaseData> Cases() => expected.Select(row => new TestCaseData(row.System, row.Variant, row.Outcomes).SetArgDisplayNames($"{row.System}, {row.Variant}"));

    static AttackRun Run(string system, KptiVariant variant = KptiVariant.Default) => 
        new(Bench.Spec(system, system == "server-process" ? "sel4" : "", variant), AuditTests.Programs, trials: 20, seed: 1);

    [TestCaseSource(nameof(Cases))]
    public void Every_attack_ends_as_expected(string system, KptiVariant variant, Dictionary<Kind, char> outcomes)
    {
        var run = Run(system, variant);
        var seen = outcomes.Keys.ToDictionary(kind => kind, kind => "cab"[(int)run.Of(kind).Outcome]);
        Assert.That(seen, Is.EqualTo(outcomes));
    }

    [Test]
    public void A_wild_write_of_a_server_of_UnderBridge_is_noticed_at_once_and_in_a_monolith_after_it_has_spoilt_others()
    {
        var (fenced, open) = (Run("underbridge").Of(Kind.WildWrite), Run("monolithic").Of(Kind.WildWrite));
        Assert.That((fenced.DetectedAfter, fenced.Reached), Is.EqualTo((Shipped.Xeon.Prices["interrupt"].Value, Array.Empty<string>())));
        Assert.That(open.DetectedAfter, Is.GreaterThan(fenced.DetectedAfter!.Value).And.LessThan(100_000));
        Assert.That(open.Reached, Is.EqualTo(new[] { "disk", "echo", "kernel" }), "SMAP keeps it off the pages of apps until it sets AC");
    }

    [Test]
    public void A_privileged_instruction_in_UnderBridge_costs_an_exit_to_the_monitor_and_without_the_monitor_reaches_everybody()
    {
        var result = Run("underbridge").Of(Kind.PrivilegedInstruction);
        Assert.That((result.DetectedAfter, result.RestsOn), Is.EqualTo((Shipped.Xeon.Prices["vm-exit"].Value, Assumptions.MonitorCorrect)));
        Assert.That(result.Reached, Is.EqualTo(new[] { "app", "disk", "echo", "kernel", "stranger" }));
    }

    [Test]
    public void Forged_rights_reach_all_that_keys_alone_fence_off()
    {
        Assert.That(Run("underbridge").Of(Kind.ForgedPkru).Reached, Is.EqualTo(new[] { "app", "disk", "echo", "kernel" }), "the stranger's page table is not loaded");
        Assert.That(Run("sel4").Of(Kind.ForgedPkru), Has.Property("Outcome").EqualTo(AttackOutcome.Contained).And.Property("Reached").Empty);
    }

    [Test]
    public void A_CPU_that_checks_loads_in_time_leaks_nothing()
    {
        foreach (var system in new[] { "underbridge", "erim", "sel4" })
        {
            var spec = Bench.Spec(system, variant: KptiVariant.NoKpti) is var built && built.Design.NeedsKpti ? Bench.Spec(system) : Bench.Spec(system, variant: KptiVariant.NoKpti);
            var run = new AttackRun(spec with { Machine = spec.Machine with { TransientReads = [] } }, AuditTests.Programs, trials: 1, seed: 1);
            Assert.That(new[] { Kind.MeltdownByApp, Kind.MeltdownByServer }.Select(kind => run.Of(kind).Outcome), Is.All.EqualTo(AttackOutcome.Contained), system);
        }
    }

    [Test]
    public void Attacks_repeat_to_the_cycle()
    {
        static string Told(AttackResult result) => $"{result.Kind} {result.Outcome} {result.DetectedAfter} {string.Join(',', result.Reached)} {result.RestsOn}";
        var (one, two) = (Run("monolithic"), Run("monolithic"));
        foreach (var kind in Enum.GetValues<Kind>().Where(kind => kind != Kind.LoopingServer)) Assert.That(Told(one.Of(kind)), Is.EqualTo(Told(two.Of(kind))));
    }

    [Test]
    public void An_attack_leaves_the_core_as_it_was()
    {
        var stage = AuditTests.Stage("underbridge");
        var before = new List<Standpoint>();
        for (var i = 0; i < 2; i++)
            stage.As(stage.Servers[0], () =>
            {
                before.Add(Standpoint.Of(stage.Core));
                stage.Core.WritePkru(0);
                stage.Core.WriteControl(Hardware.Control.None, stage.Attacker.Owner);
            });
        Assert.That(before[1], Is.EqualTo(before[0]));
    }
}
