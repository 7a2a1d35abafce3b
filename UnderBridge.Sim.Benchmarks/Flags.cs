using System.CommandLine;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Benchmarks;

/// <summary>Flags that both benchmarks take.</summary>
static class Flags
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    public static Option<int> Rounds(string description, int rounds)
    {
        var option = new Option<int>("--rounds") { HelpName = "N", Description = description, DefaultValueFactory = _ => rounds };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && !(int.TryParse(text, out var count) && count > 0)) given.AddError(Wrong(option, text, "a whole number of 1 or more"));
        });
        return option;
    }

    public static Option<string> Only(string description, IReadOnlyList<string> names)
    {
        var all = string.Join(", ", names.Select(name => $"'{name}'"));
        var option = new Option<string>("--only") { HelpName = "NAME", Description = $"{description}: {all}." };
        option.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: var text }] && !names.Contains(text)) given.AddError(Wrong(option, text, $"one of {all}", Nearest.To(text, names)));
        });
        return option;
    }

    static string Wrong(Option option, string text, string expected, string? meant = null) => new InputError(option.Name, 0, 0, $"'{text}'", expected, meant).ToString();
}
