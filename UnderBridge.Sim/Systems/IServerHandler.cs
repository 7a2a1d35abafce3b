namespace UnderBridge.Sim.Systems;

/// <summary>What a server does with a request: it changes its own state at once, and writes down what doing so takes.</summary>
public interface IServerHandler
{
    /// <summary>The units of work that the server's plans count, by the index they name them with; the program's prices say what each costs.</summary>
    IReadOnlyList<string> PriceNames { get; }

    /// <summary>Memory that the server's plans touch, by the index they name it with.</summary>
    IReadOnlyList<ServerRegion> Regions { get; }

    /// <summary>The servers that its plans call, by their position among those it was added with; null where it may call any.</summary>
    IReadOnlyList<int>? Callees => null;

    /// <summary>It is part of the kernel itself, whatever the design does with servers.</summary>
    bool IsCore => false;

    /// <summary>Appends what serving the request takes, in order. May be called again for a request of the plan's own calls.</summary>
    void Plan(in ServerRequest request, ServerPlan plan);
}

/// <summary>A piece of memory of a server. Regions of one name in two servers that are added together are one piece, shared by both.</summary>
/// <param name="Name">Unique among the regions of the server.</param>
/// <param name="Bytes">Size; it is rounded up to whole pages of 4 KB.</param>
public sealed record ServerRegion(string Name, long Bytes);
