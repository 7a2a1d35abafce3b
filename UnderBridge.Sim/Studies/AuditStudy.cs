using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Scenarios;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Studies;

/// <summary>What an audit says of one principal and one piece of memory in one system of a scenario.</summary>
sealed record AuditRow(string Design, string Principal, string Object, bool Read, bool Write, bool Execute, bool Call, string Because);

/// <summary>The audit of one system of a scenario.</summary>
/// <param name="Design">Its name: <c>underbridge</c>, or with base and variant <c>native/sel4/kpti</c>.</param>
/// <param name="Title">Its label in the scenario.</param>
/// <param name="Rows">Every principal with every region.</param>
/// <param name="Harms">Who can harm whom while all assumptions hold.</param>
/// <param name="Score">How isolated it is.</param>
/// <param name="Needs">What its isolation takes for granted, as sentences.</param>
sealed record SystemAudit(string Design, string Title, IReadOnlyList<AuditRow> Rows, Harms Harms, IsolationScore Score, IReadOnlyList<string> Needs);

/// <summary>Audits the systems of a scenario.</summary>
sealed class AuditStudy(Catalogue catalogue)
{
    /// <summary>One audit for each system, in the order of the scenario; of a sweep, at its first point.</summary>
    /// <exception cref="PathException">The verifier refuses a path under the features asked for.</exception>
    public IReadOnlyList<SystemAudit> Of(Scenario scenario)
    {
        var resolved = ResolvedScenario.Of(scenario.At(scenario.Points[0]), catalogue);
        return [.. scenario.Systems.Select(system => Of(resolved, system))];
    }

    public SystemAudit Of(ResolvedScenario scenario, SystemUnderTest system)
    {
        var cast = Casting.Of(scenario, system, catalogue);
        var (kpti, design) = (cast.System.Spec.Kernel.Features.Kpti, NameOf(system));
        var rows = Audit.Of(cast).Verdicts.Select(verdict => new AuditRow(design, verdict.Actor.Name, verdict.Object.Name,
            verdict.Read.Allowed, verdict.Write.Allowed, verdict.Execute.Allowed, verdict.Call != Entry.None, Because.Of(verdict, kpti)));
        var score = IsolationScore.Of(cast);
        return new SystemAudit(design, system.Label, [.. rows], IsolationScore.HarmsOf(cast), score, [.. Needs(scenario, system, cast, score)]);
    }

    public static string NameOf(SystemUnderTest system) => string.Join('/', new[]
    {
        system.System, system.Base, system.Variant == KptiVariant.Default ? "" : Kebab.Of(system.Variant),
    }.Where(part => part.Length > 0));

    IEnumerable<string> Needs(ResolvedScenario scenario, SystemUnderTest system, Cast cast, IsolationScore score)
    {
        yield return "the kernel is correct";
        var spec = cast.System.Spec;
        if (score.Needs.HasFlag(Assumptions.NoUnguardedWrpkru))
            yield return $"no {(spec.Design.TurnsOn.HasFlag(Control.Pks) ? "WRMSR to IA32_PKRS" : "WRPKRU or XRSTOR")} within reach of apps and servers but those that gates guard";
        if (score.Needs.HasFlag(Assumptions.NoUnguardedVmfunc)) yield return "no VMFUNC within reach of apps and servers but those of trampolines";
        if (score.Needs.HasFlag(Assumptions.MonitorCorrect)) yield return "servers in supervisor mode execute no privileged instruction: the monitor, or what stands in for it, is correct";
        if (spec.Design.EptPages is not null) yield return "the hypervisor under it is correct";
        if (spec.Design.TurnsOff != Control.None) yield return $"{Bits(spec.Design.TurnsOff)} off, so the kernel's own bugs may run and touch user-accessible pages";
        if (spec.Kernel.Features.Kpti && WithoutKpti(scenario, system) is { } less && less.Mean < score.Value.Mean) yield return "KPTI on";
    }

    // What KPTI contributes is seen in the same system without it.
    Share? WithoutKpti(ResolvedScenario scenario, SystemUnderTest system) =>
        IsolationScore.Of(Casting.Of(scenario, system with { Variant = KptiVariant.NoKpti }, catalogue)).Value;

    static string Bits(Control bits) => string.Join(" and ", new[] { Control.Smep, Control.Smap }.Where(bit => bits.HasFlag(bit)).Select(bit => bit.ToString().ToUpperInvariant()));
}
