using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Systems;

/// <summary>Turns a mean into whole numbers: the fraction of one turn is carried on to the next.</summary>
sealed class CarriedRate
{
    // What rounding of sums may take from a whole.
    const double Slack = 1e-9;

    double carried;

    /// <summary>How many are due in this turn.</summary>
    public int Next(double mean)
    {
        var due = carried + mean;
        var whole = (int)Math.Floor(due + Slack);
        carried = due - whole;
        return whole;
    }
}

/// <summary>
/// The services that an app reaches, directly or not: each program once, or as often as there are instances, each of which keeps to itself. They are numbered
/// from 0, instance by instance, with those that call each other side by side.
/// </summary>
sealed class ServiceGraph
{
    readonly IReadOnlyDictionary<string, ProgramSpec> programs;
    readonly List<ProgramSpec> kinds = [];
    readonly List<Service> services = [];

    /// <param name="app">The program that calls them.</param>
    /// <param name="programs">Where they are found by name; each has a <see cref="ProgramSpec.Service"/>, and they do not call each other in circles.</param>
    /// <param name="instances">How often there is each.</param>
    public ServiceGraph(ProgramSpec app, IReadOnlyDictionary<string, ProgramSpec> programs, int instances)
    {
        this.programs = programs;
        Discover(app);
        for (var instance = 0; instance < instances; instance++)
            services.AddRange(kinds.Select(kind => new Service(kind, CalleesOf(kind, instance))));
    }

    public IReadOnlyList<Service> Services => services;

    /// <summary>Programs, each once.</summary>
    public IReadOnlyList<ProgramSpec> Kinds => kinds;

    /// <summary>The services of an instance that a program calls, with calls a request.</summary>
    public IReadOnlyList<Callee> CalleesOf(ProgramSpec program, int instance) =>
        [.. program.Service!.Calls.Select(call => new Callee((instance * kinds.Count) + kinds.FindIndex(kind => kind.Name == call.Key), call.Value))];

    void Discover(ProgramSpec caller)
    {
        foreach (var callee in caller.Service!.Calls.Select(call => programs[call.Key]).Where(callee => !kinds.Contains(callee)))
        {
            kinds.Add(callee);
            Discover(callee);
        }
    }

    /// <summary>One instance of a program, and whom it calls.</summary>
    public sealed record Service(ProgramSpec Program, IReadOnlyList<Callee> Callees);

    /// <summary>A service that is called, and how often a request.</summary>
    public readonly record struct Callee(int Service, Sourced<double> Rate);
}
