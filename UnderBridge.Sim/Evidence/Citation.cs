namespace UnderBridge.Sim.Evidence;

/// <summary>Where a number stands: the key of a source in the bibliography, and the place in it.</summary>
public sealed record Citation(string Key, string Place)
{
    public override string ToString() => Place.Length == 0 ? Key : $"{Key}, {Place}";
}

/// <summary>A work that numbers are taken from.</summary>
public sealed record Source(string Key, string Title, string Venue, string Url);
