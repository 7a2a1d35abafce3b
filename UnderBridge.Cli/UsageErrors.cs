using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Cli;

/// <summary>Says what is wrong with a command line in the way that everything else wrong is said.</summary>
static class UsageErrors
{
    /// <exception cref="InputException">The command line is wrong.</exception>
    public static void Check(ParseResult parsed)
    {
        if (parsed.Action is CommandLineAction { ClearsParseErrors: true } || parsed.Tokens.Count == 0) return;
        var errors = new ErrorList();
        var verb = parsed.CommandResult.Command;
        var unknown = parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash) ? [] : UnknownFlags(parsed).ToList();
        foreach (var flag in unknown) UnknownFlag(parsed.CommandResult, flag, errors);
        foreach (var token in parsed.UnmatchedTokens.Except(unknown)) Unmatched(verb, token, errors);
        if (errors.Count == 0)
            foreach (var error in parsed.Errors) Other(verb, error, errors);
        errors.ThrowIfAny();
    }

    // The parser takes an unknown flag for a value wherever a value may stand.
    static IEnumerable<string> UnknownFlags(ParseResult parsed) => parsed.CommandResult.Children
        .SelectMany(child => child is ArgumentResult ? child.Tokens : child.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
        .Select(token => token.Value).Concat(parsed.UnmatchedTokens).Where(token => token.Length > 1 && token[0] == '-').Distinct();

    static void UnknownFlag(CommandResult command, string flag, ErrorList errors)
    {
        var name = flag.Split('=')[0];
        var known = FlagsOf(command).ToList();
        if (known.Contains(name)) errors.Add(Place(command.Command), $"'{flag}' where the value of the flag before it belongs", "a value");
        else errors.Add(Place(command.Command), $"unknown flag '{name}'", Words.OneOf(known), Nearest.To(name, known));
    }

    static void Unmatched(Command command, string token, ErrorList errors)
    {
        var verbs = command.Subcommands.Select(verb => verb.Name).ToList();
        if (verbs.Count > 0) errors.Add(Place(command), $"unknown verb '{token}'", Words.OneOf(verbs), Nearest.To(token, verbs));
        else errors.Add(Place(command), $"'{token}' too many", command.Arguments.Count == 0 ? "flags only" : $"one {command.Arguments[0].Name}");
    }

    static void Other(Command command, ParseError error, ErrorList errors)
    {
        switch (error.SymbolResult)
        {
            case ArgumentResult { Parent: OptionResult option }: errors.Add(option.Option.Name, "no value", option.Option.HelpName ?? "a value"); break;
            case OptionResult { Tokens.Count: 0 } option: errors.Add(option.Option.Name, "no value", option.Option.HelpName ?? "a value"); break;
            case OptionResult option: errors.Add(option.Option.Name, $"{option.Tokens.Count} values", "one"); break;
            case ArgumentResult { Tokens.Count: 0 } argument: errors.Add(Place(command), $"no {argument.Argument.Name}", $"one, as '{Tool.Name} {command.Name} --help' shows"); break;
            case CommandResult when command.Subcommands.Count > 0: errors.Add(Place(command), "no verb", Words.OneOf(command.Subcommands.Select(verb => verb.Name))); break;
            default: errors.Add(Place(command), $"'{error.Message}'", $"what '{Tool.Name} {command.Name} --help' shows"); break;
        }
    }

    static IEnumerable<string> FlagsOf(CommandResult command)
    {
        var inherited = command.Parent is CommandResult parent ? FlagsOf(parent) : [];
        var own = command.Command.Options.Where(option => option is not VersionOption).Select(option => option.Name);
        return own.Concat(inherited).Distinct();
    }

    static string Place(Command command) => command is RootCommand ? Tool.Name : command.Name;
}
