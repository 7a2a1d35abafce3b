namespace UnderBridge.Sim.Evidence;

/// <summary>What a result may claim when it is held against a publication, or stands alone.</summary>
enum Standing
{
    /// <summary>Nothing: a count by rule, or a run that the user changed.</summary>
    None,

    /// <summary>The publication itself, read back.</summary>
    Input,

    /// <summary>A number of the model was fitted to the publication.</summary>
    Fitted,

    /// <summary>No number of the model rests on the publication.</summary>
    Predicted,

    /// <summary>A number was chosen in sight of the publication; or, where there is none, some number is assumed.</summary>
    Assumed,

    /// <summary>It misses the publication, and the reason is known and stated.</summary>
    KnownGap,
}

/// <summary>Decides the standing of results from the numbers that they rest on, so that no scenario can declare it.</summary>
static class Standings
{
    /// <summary>The standing of a result held against a publication, from every number that it uses.</summary>
    public static Standing Against(string published, IEnumerable<ISourced> numbers)
    {
        var resting = numbers.Where(number => number.RestsOn == published).ToList();
        if (resting.Count == 0) return Standing.Predicted;
        if (resting.Any(number => number.Grade == Grade.Fitted)) return Standing.Fitted;
        return resting.Any(number => number.Grade == Grade.Assumed) ? Standing.Assumed : Standing.Input;
    }

    /// <summary>The standing of a result that no publication is known for: a prediction only if nothing under it is assumed.</summary>
    public static Standing Alone(IEnumerable<ISourced> numbers) =>
        numbers.Any(number => number.Grade == Grade.Assumed) ? Standing.Assumed : Standing.Predicted;
}
