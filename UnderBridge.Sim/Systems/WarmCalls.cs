namespace UnderBridge.Sim.Systems;

/// <summary>A caller that has the core to itself and calls a server again and again, first to warm up and then to be measured.</summary>
static class WarmCalls
{
    /// <summary>
    /// Runs the calls to their end; those that warm up are numbered below 0. <paramref name="before"/> is told of each call when it is about to be made, <paramref name="after"/>
    /// when its time has passed.
    /// </summary>
    public static void Run(SimulatedSystem system, Principal caller, Server callee, int warmUp, int measured, Action<int> before, Action<int> after) =>
        system.Run(system.Environment.Process(Calls(system, caller, callee, warmUp, measured, before, after)));

    static IEnumerable<Event> Calls(SimulatedSystem system, Principal caller, Server callee, int warmUp, int measured, Action<int> before, Action<int> after)
    {
        var dispatched = new Signal(system.Environment);
        system.Processor.Enqueue(dispatched);
        yield return dispatched.Wait();
        caller.Start(system.Core);
        for (var i = -warmUp; i < measured; i++)
        {
            before(i);
            yield return caller.Call(callee, default);
            caller.Resume(system.Core);
            yield return system.Processor.Spend();
            after(i);
        }
        system.Processor.Release();
    }
}
