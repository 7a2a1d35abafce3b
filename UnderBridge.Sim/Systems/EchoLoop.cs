namespace UnderBridge.Sim.Systems;

/// <summary>One server calls another in a loop; neither does any work. What is left is the cost of crossing.</summary>
sealed class EchoLoop
{
    readonly SimulatedSystem system;
    readonly Principal caller;
    readonly Server callee;
    readonly int warmUp;
    readonly long[] roundTrips;

    public EchoLoop(SimulatedSystem system, ProgramSpec program, int warmUp, int roundTrips)
    {
        this.system = system;
        this.warmUp = warmUp;
        this.roundTrips = new long[roundTrips];
        caller = system.AddServerCaller("caller", program);
        callee = system.AddServers(workScale: 1, (program, new Echo()))[0];
        system.Connect(caller, callee);
    }

    /// <summary>Cycles of each measured round trip, after the run.</summary>
    public IReadOnlyList<long> RoundTrips => roundTrips;

    /// <summary>What the core had booked when the warm-up ended; null before.</summary>
    public LedgerMark? Begin { get; private set; }

    /// <summary>Runs the loop to its end.</summary>
    public void Run()
    {
        var start = 0L;
        WarmCalls.Run(system, caller, callee, warmUp, roundTrips.Length,
            before: i =>
            {
                if (i == 0) Begin = LedgerMark.Take(system);
                start = system.Processor.Elapsed;
            },
            after: i =>
            {
                if (i >= 0) roundTrips[i] = system.Processor.Elapsed - start;
            });
    }

    sealed class Echo : IServerHandler
    {
        public IReadOnlyList<string> PriceNames => [];
        public IReadOnlyList<ServerRegion> Regions => [];

        public void Plan(in ServerRequest request, ServerPlan plan) { }
    }
}
