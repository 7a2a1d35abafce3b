using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Scenarios;

/// <summary>What may be set over a scenario: <c>machine</c> which it is, <c>machine.*</c> any price, ratio or latency of it, <c>kernel.*</c> and <c>workload.*</c>.</summary>
sealed class SettableKeys
{
    public const string WhichMachine = HardwareReader.Prefix;
    public const string Machine = WhichMachine + ".";
    public const string Kpti = "kernel.kpti";
    public const string Pcid = "kernel.pcid";
    public const string Fpu = "kernel.fpu";
    public const string Workload = "workload.";

    readonly Dictionary<string, SettingKey> keys;
    readonly Workload workload;

    /// <param name="workload">Whose keys these are, among others.</param>
    /// <param name="machines">The machines to choose from; null where which machine it is is said elsewhere.</param>
    public SettableKeys(Workload workload, IEnumerable<string>? machines = null)
    {
        this.workload = workload;
        SettingKey[] which = machines is null ? [] : [SettingKey.Choice(WhichMachine, machines)];
        SettingKey[] kernel = [SettingKey.Flag(Kpti), SettingKey.Flag(Pcid), SettingKey.Choice(Fpu, YamlValue.Names<FpuPolicy>())];
        var machine = MachineSettings.Keys.Select(key => key with { Name = Machine + key.Name });
        var work = WorkloadKeys.Of(workload).Select(key => key.Key with { Name = Workload + key.Name });
        keys = which.Concat(machine).Concat(kernel).Concat(work).ToDictionary(key => key.Name);
    }

    public IEnumerable<SettingKey> All => keys.Values;

    public SettingKey? Find(string name) => keys.GetValueOrDefault(name);

    public string? Nearest(string name) => Evidence.Nearest.To(name, keys.Keys);

    /// <summary>Reports settings of keys that there are not, and values that a key does not take.</summary>
    public void Check(IEnumerable<Setting> settings, ErrorList errors)
    {
        foreach (var (name, value, place) in settings)
        {
            if (Find(name) is not { } key) errors.Add(place, $"'{name}'", Expected(name), Nearest(name));
            else if (!key.Accepts(value)) errors.Add(place, $"'{value}'", key.Expected, Evidence.Nearest.To(value, key.Choices));
        }
    }

    /// <summary>The keys that one might have meant: all that share the prefix, or else the prefixes.</summary>
    public string Expected(string name)
    {
        if (name.StartsWith(Workload, StringComparison.Ordinal) && WorkloadKeys.InPlaceOf(name[Workload.Length..], workload) is { } instead) return instead;
        var prefix = Prefix(name);
        var alike = keys.Keys.Where(key => prefix.Length > 0 && Prefix(key) == prefix).ToList();
        return YamlValue.OneOf(alike.Count > 0 ? alike : keys.Keys.Select(key => key == WhichMachine ? key : $"{Prefix(key)}*").Distinct());
    }

    static string Prefix(string name) => name[..(name.IndexOf('.', StringComparison.Ordinal) + 1)];
}

/// <summary>The numbers of a machine that may be set, and how.</summary>
static class MachineSettings
{
    const string TscGhz = "tsc-ghz";

    public static readonly IReadOnlyList<SettingKey> Keys =
    [
        .. HardwareReader.Prices.Select(price => SettingKey.Number(price.Key, price.Value.Bounds, price.Value.Unit)),
        SettingKey.Number("l1i-latency", Bounds.Cycles, "cycles"),
        SettingKey.Number("l1d-latency", Bounds.Cycles, "cycles"),
        SettingKey.Number("l2-latency", Bounds.Cycles, "cycles"),
        SettingKey.Number("llc-latency", Bounds.Cycles, "cycles"),
        SettingKey.Number(TscGhz, new Bounds(0, 1000, AboveLow: true), "GHz"),
    ];

    public static HardwareProfile Set(HardwareProfile machine, string key, double value, string by)
    {
        CacheLevel Slower(CacheLevel level) => level with { Latency = level.Latency.Override(value, by) };
        return key switch
        {
            TscGhz => machine with { TscGhz = machine.TscGhz.Override(value, by) },
            "l1i-latency" => machine with { L1I = Slower(machine.L1I) },
            "l1d-latency" => machine with { L1D = Slower(machine.L1D) },
            "l2-latency" => machine with { L2 = Slower(machine.L2) },
            "llc-latency" => machine with { Llc = Slower(machine.Llc) },
            _ => machine with { Prices = new Dictionary<string, Sourced<double>>(machine.Prices) { [key] = Priced(machine, key).Override(value, by) } },
        };
    }

    // A price that the machine lacks is what it would cost if the CPU had the instruction.
    static Sourced<double> Priced(HardwareProfile machine, string key) => machine.Prices.GetValueOrDefault(key)
        ?? new Sourced<double>($"{HardwareReader.Prefix}.{key}", 0, HardwareReader.Prices[key].Unit, Grade.Assumed, new Citation("user", ""));
}
