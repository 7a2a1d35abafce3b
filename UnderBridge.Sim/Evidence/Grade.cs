namespace UnderBridge.Sim.Evidence;

/// <summary>Why a number is believed, from the strongest reason to the weakest.</summary>
public enum Grade
{
    /// <summary>Measured by a program in this repository.</summary>
    Measured,

    /// <summary>Read in the primary source.</summary>
    Published,

    /// <summary>Read in a publication that quotes the primary source.</summary>
    Quoted,

    /// <summary>Arithmetic on published or quoted numbers; the note gives the formula.</summary>
    Derived,

    /// <summary>Solved so that the simulation meets a published number, which it therefore never validates.</summary>
    Fitted,

    /// <summary>Nobody's measurement: a judgement, with the range within which it may lie.</summary>
    Assumed,
}
