namespace UnderBridge.Sim.Evidence;

/// <summary>The works that numbers may cite, and the published results that they may rest on, by key and id.</summary>
sealed record Bibliography(IReadOnlyDictionary<string, Source> Sources, IReadOnlyDictionary<string, PublishedNumber> Published)
{
    public static readonly Bibliography Empty = new(new Dictionary<string, Source>(), new Dictionary<string, PublishedNumber>());
}
