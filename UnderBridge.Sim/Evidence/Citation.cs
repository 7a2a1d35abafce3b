namespace UnderBridge.Sim.Evidence;

/// <summary>Where a number stands.</summary>
/// <param name="Key">Of a source in the catalogue's bibliography, or <c>user</c> for what the user set.</param>
/// <param name="Place">Table, section or line in it; may be empty.</param>
public sealed record Citation(string Key, string Place)
{
    public override string ToString() => Place.Length == 0 ? Key : $"{Key}, {Place}";
}

/// <summary>A work that numbers are taken from.</summary>
/// <param name="Key">By which citations name it.</param>
/// <param name="Title">Of the work.</param>
/// <param name="Venue">Where and when it appeared.</param>
/// <param name="Url">Where it can be read; may be empty.</param>
public sealed record Source(string Key, string Title, string Venue, string Url);
