namespace UnderBridge.Sim.Systems.Services;

/// <summary>An app as a process: it computes, sends a request and waits for the reply, over and over. Interrupts may take the core from it.</summary>
sealed class ServiceApp
{
    const string RequestPrice = "request";

    readonly SimulatedSystem system;
    readonly RequestStream stream;
    readonly IReadOnlyList<Server> servers;
    readonly Principal app;
    readonly double compute;
    readonly int computeNumber;
    readonly long[] ends;

    public ServiceApp(SimulatedSystem system, ProgramSpec program, RequestStream stream, IReadOnlyList<Server> servers, double workScale)
    {
        this.system = system;
        this.stream = stream;
        this.servers = servers;
        app = system.AddApp(program);
        foreach (var server in servers) system.Connect(app, server);
        compute = program.Prices[RequestPrice].Value * workScale;
        computeNumber = system.Provenance.IndexOf(program.Prices[RequestPrice]);
        ends = new long[stream.Requests];
    }

    /// <summary>Requests that have been answered.</summary>
    public int Answered { get; private set; }

    /// <summary>When each request was answered, in cycles since the start.</summary>
    public IReadOnlyList<long> Ends => ends;

    /// <summary>Runs to the end of the stream; <paramref name="answered"/> is told of each request's end, counted from 1.</summary>
    public void Run(Action<int> answered) => system.Run(system.Environment.Process(Requests(answered)).Named(app.Owner.Name));

    IEnumerable<Event> Requests(Action<int> answered)
    {
        var dispatched = new Signal(system.Environment, $"the core, for {app.Owner.Name}");
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        app.Start(system.Core);
        while (Answered < stream.Requests)
        {
            app.Work(system.Core, compute, computeNumber);
            yield return app.Call(servers[stream[Answered][0]], new ServerRequest(Service.FromApp, Answered));
            app.Resume(system.Core);
            yield return system.Processor.Spend(dispatched);
            ends[Answered++] = system.Processor.Elapsed;
            answered(Answered);
        }
        system.Processor.Release();
    }
}
