using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Reads settings of the command line, each <c>KEY=VALUE</c>. Whether a scenario knows the key is its reader's business.</summary>
static class SettingParser
{
    public static IReadOnlyList<Setting> Parse(IEnumerable<string> arguments, ErrorList errors)
    {
        var settings = new List<Setting>();
        foreach (var argument in arguments)
        {
            var place = $"--set {argument}";
            var parts = argument.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2) errors.Add(place, "no '='", "KEY=VALUE, such as machine.wrpkru=128");
            else if (parts[0].Length == 0) errors.Add(place, "no key before '='", "KEY=VALUE, such as machine.wrpkru=128");
            else if (parts[1].Length == 0) errors.Add(place, "no value after '='", "KEY=VALUE, such as machine.wrpkru=128");
            else settings.Add(new Setting(parts[0], parts[1], place));
        }
        return settings;
    }
}
