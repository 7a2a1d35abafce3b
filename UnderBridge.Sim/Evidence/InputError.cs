namespace UnderBridge.Sim.Evidence;

/// <summary>
/// Something a user gave that cannot be taken as it is. <paramref name="File"/> is spelled as the user gave it, or is another place such as
/// <c>--set machine.wrpkru</c>; lines and columns count from 1, and 0 means all of the file or line.
/// </summary>
public sealed record InputError(string File, int Line, int Column, string Found, string Expected, string? Suggestion = null)
{
    public override string ToString()
    {
        var place = Line == 0 ? File : FormattableString.Invariant($"{File}:{Line}") + (Column == 0 ? "" : FormattableString.Invariant($":{Column}"));
        var suggestion = Suggestion is null ? "" : $"; did you mean '{Suggestion}'?";
        return $"{place}: found {Found}, expected {Expected}{suggestion}";
    }
}

/// <summary>Collects everything that is wrong with an input, so that a user learns of all of it at once.</summary>
sealed class ErrorList
{
    readonly List<InputError> errors = [];

    public int Count => errors.Count;

    /// <summary>
    /// The errors of each file in the order of its lines, files in the order in which they first failed; one found twice, such as a wrong
    /// flag that two scenarios meet, is listed once.
    /// </summary>
    public IReadOnlyList<InputError> Errors =>
        [.. errors.Distinct().GroupBy(error => error.File, StringComparer.Ordinal).SelectMany(file => file.OrderBy(error => error.Line).ThenBy(error => error.Column))];

    public void Add(InputError error) => errors.Add(error);

    public void Add(string place, string found, string expected, string? suggestion = null) =>
        Add(new InputError(place, 0, 0, found, expected, suggestion));

    /// <summary>Ends the reading of an input that had errors.</summary>
    /// <exception cref="InputException">There is at least one error.</exception>
    public void ThrowIfAny()
    {
        if (errors.Count > 0) throw new InputException(Errors);
    }
}

/// <summary>The input as a whole is refused; the message has one line an error.</summary>
public sealed class InputException(IReadOnlyList<InputError> errors) : Exception(string.Join('\n', errors))
{
    internal InputException(string file, int line, string found, string expected) : this([new InputError(file, line, 0, found, expected)]) { }

    public IReadOnlyList<InputError> Errors { get; } = errors;
}
