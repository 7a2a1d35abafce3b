namespace UnderBridge.Sim.Statistics;

/// <summary>On which side of a break-even value an estimate lies.</summary>
public enum Verdict
{
    /// <summary>The interval holds the break-even value: the runs are too short, or too few, to tell.</summary>
    TooShort,

    /// <summary>The whole interval lies below.</summary>
    Below,

    /// <summary>The whole interval lies above.</summary>
    Above,
}

/// <summary>How verdicts are worded.</summary>
public static class Verdicts
{
    /// <summary>As reports say it.</summary>
    public static string Words(this Verdict verdict) => verdict switch { Verdict.Below => "below", Verdict.Above => "above", _ => "too short to tell" };
}
