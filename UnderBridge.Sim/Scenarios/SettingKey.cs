using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;

namespace UnderBridge.Sim.Scenarios;

/// <summary>A key that a scenario, <c>--set</c> or a variation may set, and the values it takes: a number within bounds, or one of some names.</summary>
sealed record SettingKey(string Name, Bounds Bounds, bool Whole, IReadOnlyList<string> Choices)
{
    public static SettingKey Number(string name, Bounds bounds, string unit = "") => new(name, bounds, false, []) { Unit = unit };
    public static SettingKey Count(string name, Bounds bounds, string unit = "") => new(name, bounds, true, []) { Unit = unit };
    public static SettingKey Flag(string name) => new(name, Bounds.Any, false, ["true", "false"]);
    public static SettingKey Choice(string name, IEnumerable<string> choices) => new(name, Bounds.Any, false, [.. choices]);

    /// <summary>What a number counts; empty for names.</summary>
    public string Unit { get; init; } = "";

    public bool IsNumber => Choices.Count == 0;

    /// <summary>The values it takes, as messages say it.</summary>
    public string Expected => IsNumber ? $"{(Whole ? "a whole number" : "a number")}{Bounds}" : YamlValue.OneOf(Choices);

    public bool Accepts(string value)
    {
        if (!IsNumber) return Choices.Contains(value);
        if (Whole) return YamlValue.TryWhole(value, out var count) && Bounds.Contains(count);
        return YamlValue.TryNumber(value, out var number) && Bounds.Contains(number);
    }
}
