using System.CommandLine;
using System.Globalization;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Cli;

/// <summary>Flags that several verbs share, and what is asked of their values.</summary>
static class Flags
{
    public static readonly Option<string?> Catalog = new("--catalog")
    {
        HelpName = "FOLDER", Recursive = true, Description = "Lay the files of a folder over the built-in catalogue.",
    };

    public static readonly Option<bool> Debug = new("--debug") { Recursive = true, Description = "Print a stack trace with each error." };

    public static Option<string[]> Set() => new("--set")
    {
        HelpName = "KEY=VALUE", Description = "Set a number or feature over catalogue and scenario; `list keys` shows all. May be given many times; of one key the last holds.",
    };

    public static Option<string?> Machine() => new("--machine")
    {
        HelpName = "NAME", Description = "Run on this machine in place of the scenario's, as `--set machine=NAME` does; `list machines` shows all.",
    };

    /// <summary>What is set over the scenarios of a command line.</summary>
    public static IReadOnlyList<Setting> Settings(ParseResult parsed, Option<string[]> set, Option<string?> machine, ErrorList errors)
    {
        var settings = SettingParser.Parse(parsed.GetValue(set) ?? [], errors);
        if (parsed.GetValue(machine) is not { } name) return settings;
        if (settings.FirstOrDefault(setting => setting.Key == SettableKeys.WhichMachine) is { } same) errors.Add(machine.Name, $"a machine beside '{same.Place}'", "one of the two");
        return [.. settings, new Setting(SettableKeys.WhichMachine, name, machine.Name)];
    }

    public static Option<string?> Jobs(string what) => new("--jobs")
    {
        HelpName = "N", Description = $"{what} simulated at once [default: one a processor]. Results do not depend on it.",
    };

    public static Argument<string[]> Scenarios() => new("PATH")
    {
        Arity = ArgumentArity.OneOrMore, Description = "A scenario file, or a folder of them (its *.yaml, not those of folders below).",
    };

    /// <summary>The settings asked for where single paths are walked: of the machine and the kernel, as a warm loop takes them.</summary>
    public static IReadOnlyList<Setting> SettingsOfPaths(ParseResult parsed, Option<string[]> set, ErrorList errors)
    {
        var settings = SettingParser.Parse(parsed.GetValue(set) ?? [], errors);
        new SettableKeys(new PingPong()).Check(settings, errors);
        foreach (var setting in settings.Where(setting => setting.Key.StartsWith(SettableKeys.Workload, StringComparison.Ordinal)))
            errors.Add(setting.Place, $"'{setting.Key}'", $"{SettableKeys.Machine}* or kernel.*, for paths are walked without a workload");
        return settings;
    }

    /// <summary>The catalogue asked for.</summary>
    /// <exception cref="InputException">A file of it is wrong, or a flag was.</exception>
    public static Catalogue Catalogue(ParseResult parsed, ErrorList errors)
    {
        try
        {
            return Sim.Catalog.Catalogue.Load(parsed.GetValue(Catalog));
        }
        catch (InputException wrong)
        {
            foreach (var error in wrong.Errors) errors.Add(error);
            throw new InputException(errors.Errors);
        }
    }

    /// <summary>The whole number that an option gives, or null when it is not given or, with an error, is none.</summary>
    public static int? Whole(ParseResult parsed, Option<string?> option, Bounds bounds, ErrorList errors)
    {
        if (parsed.GetValue(option) is not { } text) return null;
        var key = SettingKey.Count(option.Name, bounds);
        if (key.Accepts(text)) return (int)double.Parse(text, CultureInfo.InvariantCulture);
        errors.Add(option.Name, $"'{text}'", key.Expected);
        return null;
    }
}
