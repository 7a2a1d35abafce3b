using System.Text.RegularExpressions;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Scenarios;

/// <summary>Systems under test in words: <c>underbridge</c>, <c>sel4 with kpti</c>, <c>native on zircon without kpti</c>.</summary>
static partial class SystemWords
{
    /// <summary>The system that the words name, which need not exist; null, with an error, when they are built otherwise.</summary>
    public static SystemUnderTest? Parse(string words, SystemNames names, ErrorList errors)
    {
        if (Sentence().Match(words) is not { Success: true } match)
        {
            errors.Add("study", $"the system '{words}'", "SYSTEM, 'SYSTEM on KERNEL', and either of them 'with kpti' or 'without kpti'");
            return null;
        }
        var variant = match.Groups["kpti"].Value switch { "with" => KptiVariant.Kpti, "without" => KptiVariant.NoKpti, _ => KptiVariant.Default };
        var (system, @base) = (match.Groups["system"].Value, match.Groups["base"].Value);
        return new SystemUnderTest(system, @base, variant, names.Title(system).Length == 0 ? words : names.Label(system, @base, variant));
    }

    [GeneratedRegex("^(?<system>[a-z0-9-]+)( on (?<base>[a-z0-9-]+))?( (?<kpti>with|without) kpti)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Sentence();
}
