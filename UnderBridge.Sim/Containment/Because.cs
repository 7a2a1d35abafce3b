using System.Globalization;
using UnderBridge.Sim.Hardware;

namespace UnderBridge.Sim.Containment;

/// <summary>Says in words which rule decides an access.</summary>
static class Because
{
    /// <summary>As <c>read, write: key 2 closed in PKRU fffffff3; execute: keys do not bind fetches; call: gate only</c>.</summary>
    public static string Of(in Verdict verdict, bool kpti)
    {
        var region = verdict.Object;
        (string Access, string Reason)[] reasons =
        [
            ("read", Of(verdict.Read, region, kpti)), ("write", Of(verdict.Write, region, kpti)), ("execute", OfFetch(verdict.Execute, region, kpti)), ("call", Of(verdict.Call, region)),
        ];
        return string.Join("; ", reasons.GroupBy(one => one.Reason).Select(same => $"{string.Join(", ", same.Select(one => one.Access))}: {same.Key}"));
    }

    static string Of(in Decision decision, Region region, bool kpti) => decision.Rule switch
    {
        ProtectionRule.Allowed => Allowed(decision.At, region),
        ProtectionRule.NotMapped => NotMapped(decision.At, region, kpti),
        ProtectionRule.Supervisor => "U/K bit: supervisor page",
        ProtectionRule.Smep => "SMEP: user-accessible page in ring 0",
        ProtectionRule.Smap => "SMAP: user-accessible page in ring 0",
        ProtectionRule.ReadOnly => "R/W bit: read-only",
        ProtectionRule.NoExecute => "NX",
        ProtectionRule.KeyAccess => $"key {Number(region.Key)} closed in {Register(region)} {Hex(decision.At.Pkru)}",
        ProtectionRule.KeyWrite => $"key {Number(region.Key)} read-only in {Register(region)} {Hex(decision.At.Pkru)}",
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Rule, "no rule of an access"),
    };

    static string OfFetch(in Decision decision, Region region, bool kpti) =>
        decision.Allowed && region.UserAccessible && Pkru.DeniesAccess(decision.At.Pkru, region.Key) ? $"fetches know no keys (execute-only by key {Number(region.Key)})" : Of(decision, region, kpti);

    static string Allowed(Standpoint at, Region region)
    {
        if (!region.UserAccessible && !at.Control.HasFlag(Control.Pks)) return "ring 0, supervisor page";
        if (!region.UserAccessible) return $"ring 0, supervisor page, key {Number(region.Key)} open in PKRS {Hex(at.Pkru)}";
        var key = $"key {Number(region.Key)} open in PKRU {Hex(at.Pkru)}";
        return at.Ring == Ring.User ? $"user page, {key}" : at.Ac ? "ring 0 sets AC and PKRU itself" : $"user page in ring 0, {key}";
    }

    static string NotMapped(Standpoint at, Region region, bool kpti)
    {
        if (kpti && at.Ring == Ring.User && at.Space.Maps(region, kernelView: true, at.EptView)) return "KPTI: not mapped in the user's page table";
        return at.EptView != 0 ? $"not mapped in EPT view {Number(at.EptView)}" : "not mapped";
    }

    static string Of(Entry entry, Region region) => entry switch
    {
        Entry.Direct => "a jump, with its own rights",
        Entry.Gate => "gate only",
        Entry.SystemCall => "system call only",
        _ => region.Executable ? "no entry point" : "no code",
    };

    // PKU guards user-accessible pages, PKS the others.
    static string Register(Region region) => region.UserAccessible ? "PKRU" : "PKRS";

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    static string Hex(uint value) => value.ToString("x8", CultureInfo.InvariantCulture);
}
