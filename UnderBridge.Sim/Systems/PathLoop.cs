namespace UnderBridge.Sim.Systems;

/// <summary>What the core had booked when a caller called, when the callee had control, and when the caller had it again.</summary>
readonly record struct Trip(LedgerMark Start, LedgerMark Called, LedgerMark Replied);

/// <summary>
/// One path walked again and again until it is warm, and then measured: a caller where the path begins calls a callee where it ends. Nobody works, so each leg holds its
/// steps, and what their code and the stubs of both ends miss.
/// </summary>
sealed class PathLoop
{
    readonly SimulatedSystem system;
    readonly Principal caller;
    readonly Server callee;
    readonly int warmUp;
    readonly Trip[] trips;
    LedgerMark? called;
    bool measures;

    /// <summary>A loop over the path by which apps reach servers in a system.</summary>
    public PathLoop(SimulatedSystem system, ProgramSpec program, int warmUp, int trips)
    {
        this.system = system;
        this.warmUp = warmUp;
        this.trips = new Trip[trips];
        caller = system.AddApp(program with { Name = "caller" });
        callee = system.AddServers(workScale: 1, (program with { Name = "callee" }, new Answer(this)))[0];
        system.Connect(caller, callee);
    }

    /// <summary>The measured round trips, after the run.</summary>
    public IReadOnlyList<Trip> Trips => trips;

    /// <summary>Runs the loop to its end.</summary>
    public void Run()
    {
        LedgerMark? start = null;
        WarmCalls.Run(system, caller, callee, warmUp, trips.Length,
            before: i =>
            {
                measures = i >= 0;
                start = Mark();
            },
            after: i =>
            {
                if (measures) trips[i] = new Trip(start!, called!, Mark()!);
            });
    }

    LedgerMark? Mark() => measures ? LedgerMark.Take(system) : null;

    sealed class Answer(PathLoop loop) : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];

        // A server plans when it has control and has touched its stub, before it answers.
        public void Plan(in ServerRequest request, ServerPlan plan) => loop.called = loop.Mark();
    }
}
