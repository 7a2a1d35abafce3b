using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Containment;

/// <summary>What goes wrong in a server.</summary>
enum ServerFault
{
    /// <summary>It touches a page that is not there.</summary>
    Crash,

    /// <summary>It loops.</summary>
    Hang,
}

/// <summary>The load under which a server fails.</summary>
/// <param name="Rate">Requests a second to each of two servers, which arrive at random.</param>
/// <param name="Work">Cycles of work of a request.</param>
/// <param name="Before">Milliseconds of load before the fault may come; it comes within the next one.</param>
/// <param name="After">Milliseconds of load after the fault that are watched.</param>
/// <param name="Bins">Parts of equal length that the time from <paramref name="Before"/> the fault to <paramref name="After"/> it is cut into.</param>
sealed record FaultLoad(double Rate, double Work, double Before, double After, int Bins);

/// <summary>What one fault did.</summary>
/// <param name="Answered">Requests to the server that failed which were answered in each bin, as a share of those that are asked on average.</param>
/// <param name="AnsweredElsewhere">The same of a server that it has nothing to do with.</param>
/// <param name="Recovery">Milliseconds from the fault until the server answers again.</param>
/// <param name="Lost">Requests to either server that were never answered.</param>
/// <param name="Survivors">Share of the other apps and servers that went on.</param>
/// <param name="Detected">Cycles from the fault until the kernel knew; null where it never did.</param>
sealed record FaultTrial(IReadOnlyList<double> Answered, IReadOnlyList<double> AnsweredElsewhere, double Recovery, double Lost, double Survivors, double? Detected);

/// <summary>
/// One server fails at a random moment under load. The kernel ends what it can not end the server without, a supervisor loads it anew in turns with whoever is
/// ready to run, and requests to it are refused meanwhile. Where that is the kernel itself, the machine reboots.
/// </summary>
sealed class FaultRun
{
    const double RestartChunk = 20_000;

    readonly SimulatedSystem system;
    readonly Cast cast;
    readonly RecoveryPrices prices;
    readonly FaultLoad load;
    readonly ServerFault kind;
    readonly bool takesInterrupts;
    readonly Server[] servers;
    readonly Actor[] apps;
    readonly List<long>[] answers = [[], []];
    readonly HashSet<Actor> down = [];
    readonly Signal struck;
    readonly Signal recovered;
    readonly Region nowhere;
    long due;
    long end;
    long? faultAt;
    long? detectedAt;
    long? upAt;
    int lost;

    /// <param name="spec">The system.</param>
    /// <param name="programs">Who lives in it.</param>
    /// <param name="prices">What detection and recovery take.</param>
    /// <param name="load">What is asked of it.</param>
    /// <param name="kind">What goes wrong.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="broken">Without its monitor, a server in supervisor mode may turn interrupts off.</param>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public FaultRun(SystemSpec spec, Programs programs, RecoveryPrices prices, FaultLoad load, ServerFault kind, int seed, Assumptions broken = Assumptions.None)
    {
        (this.prices, this.load, this.kind) = (prices, load, kind);
        system = new SimulatedSystem(spec, seed);
        struck = new Signal(system.Environment, "a fault");
        recovered = new Signal(system.Environment, "the recovery");
        servers = [.. system.AddServers(workScale: 1, (programs.Victim, new Failing(programs.Victim, load.Work, this)), (programs.Partner, new Working(programs.Partner, load.Work)))];
        apps = [AddApp(programs, "app", servers[0]), AddApp(programs, "stranger", servers[1])];
        cast = new Cast(system);
        takesInterrupts = !KernelFails && !(ActorOf(servers[0]).InKernel && broken.HasFlag(Assumptions.MonitorCorrect));
        nowhere = system.Machine.AddRegion(new RegionSpec("page zero", system.Kernel, 1));
    }

    /// <summary>Runs to the end of the window, or of the recovery if that is later.</summary>
    public FaultTrial Run()
    {
        due = (long)(Ticks(load.Before) + system.Environment.Stream("fault").NextDouble() * Ticks(1));
        end = due + Ticks(1 + load.After);
        for (var i = 0; i < servers.Length; i++) Start(i);
        system.Environment.Process(Supervise());
        system.Run(system.Environment.Process(Watch()));
        return Trial();
    }

    Actor AddApp(Programs programs, string name, Server server)
    {
        var app = system.AddApp(programs.App with { Name = name });
        system.Connect(app, server);
        return Actor.Of(app);
    }

    void Start(int i)
    {
        var (asked, queue) = (new Signal(system.Environment), new Queue<long>());
        system.Environment.Process(Arrive(i, asked, queue));
        system.Environment.Process(Ask(i, asked, queue));
    }

    IEnumerable<Event> Arrive(int i, Signal asked, Queue<long> queue)
    {
        var random = system.Environment.Stream(FormattableString.Invariant($"arrivals {i}"));
        var mean = Hertz / load.Rate;
        while (true)
        {
            yield return system.Environment.Hold((long)Math.Ceiling(-mean * Math.Log(1 - random.NextDouble())));
            queue.Enqueue(Now);
            asked.Set();
        }
    }

    // One request a turn on the core, in the order in which they came.
    IEnumerable<Event> Ask(int i, Signal asked, Queue<long> queue)
    {
        var dispatched = new Signal(system.Environment);
        while (true)
        {
            while (queue.Count == 0) yield return asked.Wait();
            if (IsDown(apps[i]))
            {
                lost += queue.Count;
                queue.Clear();
                continue;
            }
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            queue.Dequeue();
            apps[i].Principal!.Start(system.Core);
            if (!IsDown(ActorOf(servers[i])))
            {
                yield return apps[i].Principal!.Call(servers[i], default);
                apps[i].Principal!.Resume(system.Core);
            }
            yield return system.Processor.Spend();
            if (IsDown(ActorOf(servers[i])) || IsDown(apps[i])) lost++;
            else answers[i].Add(Now);
            system.Processor.Release();
        }
    }

    // What fails answers nobody, and the call that was on it goes back to the app as an error.
    void Strike()
    {
        faultAt = Now;
        if (kind == ServerFault.Crash)
        {
            system.Core.Touch(servers[0].Principal.Owner, nowhere, 0, 1, write: true);
            system.Core.Charge(Cause.PrivilegeSwitch, "interrupt", 1);
        }
        down.Add(ActorOf(servers[0]));
        if (kind == ServerFault.Crash) down.UnionWith(Unit);
        struck.Set();
    }

    IEnumerable<Event> Supervise()
    {
        yield return struck.Wait();
        if (kind == ServerFault.Hang)
        {
            system.Environment.Process(Loop());
            if (!takesInterrupts) yield break;
            yield return system.Environment.Hold(Ticks(prices.Watchdog.Value));
            down.UnionWith(Unit);
        }
        detectedAt = Now;
        if (KernelFails) yield break;
        var dispatched = new Signal(system.Environment);
        foreach (var (cycles, number) in Restart())
            for (var left = cycles; left > 0; left -= RestartChunk)
            {
                system.Processor.Enqueue(dispatched);
                yield return dispatched.Wait();
                system.Core.Ring = Ring.Kernel;
                system.Core.Ledger.Charge(Cause.KernelLogic, Math.Min(left, RestartChunk), number);
                yield return system.Processor.Spend();
                system.Processor.Release();
            }
        down.Clear();
        upAt = Now;
        recovered.Set();
    }

    // The timer takes the core from it at the end of each slice, unless no interrupt comes through.
    IEnumerable<Event> Loop()
    {
        var dispatched = new Signal(system.Environment);
        while (detectedAt is null)
        {
            system.Processor.Enqueue(dispatched);
            yield return dispatched.Wait();
            system.Core.Ledger.Charge(Cause.WorkServer, Ticks(prices.Quantum.Value), system.Provenance.IndexOf(prices.Quantum));
            yield return system.Processor.Spend();
            if (!takesInterrupts) yield break;
            system.Core.Charge(Cause.PrivilegeSwitch, "interrupt", 1);
            yield return system.Processor.Spend();
            system.Processor.Release();
        }
    }

    /// <summary>What loading everything anew takes that died, by the number it rests on.</summary>
    IEnumerable<(double Cycles, int Number)> Restart()
    {
        (double Count, Sourced<double> Price)[] parts =
        [
            (Unit.Count(actor => actor.Place!.Placement == Placement.KernelDomain), prices.Domain),
            (Unit.Where(actor => !actor.InKernel).Select(actor => actor.Place!.Space).Distinct().Count(), prices.Process),
            (Unit.Sum(actor => cast.PrivateOf(actor).Sum(region => region.Pages)), prices.Page),
            (system.Connections.Count(one => Unit.Contains(cast[one.Caller]) || Unit.Contains(ActorOf(one.Callee))), prices.Connection),
            (Unit.Count, prices.Init),
        ];
        return parts.Select(part => (part.Count * part.Price.Value, system.Provenance.IndexOf(part.Price)));
    }

    IEnumerable<Event> Watch()
    {
        yield return system.Environment.Hold(end);
        if (upAt is null && !Reboots && faultAt is not null) yield return recovered.Wait();
    }

    FaultTrial Trial()
    {
        if (faultAt is not { } at) throw new InvalidOperationException("no request came after the fault was due");
        var survivors = (double)cast.Untrusted.Count(actor => !Unit.Contains(actor)) / (cast.Untrusted.Count - 1);
        if (upAt is { } up) return new FaultTrial(Binned(0, at), Binned(1, at), Milliseconds(up - at), lost, survivors, detectedAt - at);
        // Nobody simulates a reboot: until it is over, whatever arrives is lost.
        var seconds = prices.Reboot.Value + (kind == ServerFault.Hang ? prices.KernelWatchdog.Value : 0);
        var unseen = servers.Length * load.Rate * Math.Max(0, seconds - (Now - at) / Hertz);
        return new FaultTrial(Binned(0, at), Binned(1, at), 1000 * seconds, lost + unseen, Survivors: 0, kind == ServerFault.Hang ? null : detectedAt - at);
    }

    double[] Binned(int i, long at)
    {
        var width = Ticks(load.Before + load.After) / (double)load.Bins;
        var (bins, first) = (new double[load.Bins], at - Ticks(load.Before));
        foreach (var answer in answers[i])
        {
            var bin = (int)Math.Floor((answer - first) / width);
            if (bin >= 0 && bin < bins.Length) bins[bin] += Hertz / (load.Rate * width);
        }
        return bins;
    }

    IReadOnlyList<Actor> Unit => field ??= [.. cast.Untrusted.Where(actor => cast.FallsWith(ActorOf(servers[0]), actor))];

    bool Reboots => KernelFails || kind == ServerFault.Hang && !takesInterrupts;

    bool KernelFails => cast.FallsWith(ActorOf(servers[0]), cast.Kernel);

    // Without a kernel nobody runs.
    bool IsDown(Actor actor) => down.Contains(cast[actor.Principal!]) || KernelFails && faultAt is not null;

    Actor ActorOf(Server server) => cast[server.Principal];

    double Hertz => system.Spec.Machine.Tsc.Hertz;

    long Ticks(double milliseconds) => (long)(milliseconds / 1000 * Hertz);

    double Milliseconds(long ticks) => 1000 * ticks / Hertz;

    long Now => system.Processor.Elapsed;

    class Working(ProgramSpec program, double work) : IServerHandler
    {
        readonly (string Name, Sourced<double> Number) price = (program.Prices.First().Key, program.Prices.First().Value);

        public IReadOnlyList<string> PriceNames => [price.Name];
        public IReadOnlyList<ServerRegion> Regions => [];
        public IReadOnlyList<int> Callees => [];

        public virtual void Plan(in ServerRequest request, ServerPlan plan) => plan.Work(0, work / price.Number.Value);
    }

    sealed class Failing(ProgramSpec program, double work, FaultRun run) : Working(program, work)
    {
        public override void Plan(in ServerRequest request, ServerPlan plan)
        {
            if (run.faultAt is null && run.Now >= run.due) run.Strike();
            else base.Plan(request, plan);
        }
    }
}
