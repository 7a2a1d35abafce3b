#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// A gas station with two pumps on one tank. When the tank runs low a truck is called, which takes five minutes to come and fills it up.
// How low may it run before cars have to wait for the truck? After the example "Gas Station Refueling" of SimPy.
using UnderBridge.Sim.Engine;

Console.WriteLine("The first twenty minutes, in seconds");
new Station(seed: 1, callAt: 0.25, isTalkative: true).Run(seconds: 1200);

Console.WriteLine();
Console.WriteLine("call at %   cars  trucks  mean s at the station  litres: start + delivered - sold - left");
foreach (var callAt in new[] { 0.25, 0.5, 0.75 })
{
    var station = new Station(seed: 1, callAt);
    station.Run(seconds: 7 * 24 * 3600);
    Console.WriteLine($"{100 * callAt,9:0}  {station.Times.Count,5}  {station.Trucks,6}  {station.Times.Mean,21:0.0}  {Station.TankSize + station.Delivered - station.Sold - station.Left,37}");
}

sealed class Station
{
    public const double TankSize = 200;

    const double CarTankSize = 50, LitresPerSecond = 2, TruckTime = 300;
    readonly UniformDiscrete carLevel = new(5, 26), gap = new(30, 301);
    readonly Simulation env;
    readonly Resource pumps;
    readonly Container tank;
    readonly bool isTalkative;

    // A car takes up to 45 litres. Called later than at 45, the truck might not be called at all: a car could wait for more than there is.
    public Station(int seed, double callAt, bool isTalkative = false)
    {
        env = new(seed);
        pumps = new(env, 2);
        tank = new(env, TankSize, TankSize);
        this.isTalkative = isTalkative;
        env.Process(Cars());
        env.Process(Supply(callAt * TankSize));
    }

    public SampleMonitor Times { get; } = new();
    public int Trucks { get; private set; }
    public double Delivered { get; private set; }
    public double Sold { get; private set; }
    public double Left => tank.Level;

    public void Run(double seconds) => env.RunD(seconds);

    IEnumerable<Event> Cars()
    {
        for (var number = 1; ; number++)
        {
            yield return env.TimeoutD(env.Rand(gap));
            env.Process(Car($"car {number}"));
        }
    }

    IEnumerable<Event> Car(string name)
    {
        var arrival = env.NowD;
        var litres = CarTankSize - env.Rand(carLevel);
        Say($"{name} comes for {litres} litres");
        using var pump = pumps.Request();
        yield return pump;
        yield return tank.Get(litres);
        Sold += litres;
        yield return env.TimeoutD(litres / LitresPerSecond);
        Times.Add(env.NowD - arrival);
        Say($"{name} leaves after {env.NowD - arrival}");
    }

    IEnumerable<Event> Supply(double level)
    {
        while (true)
        {
            yield return tank.WhenAtMost(level);
            Say($"{tank.Level} litres left: the truck is called");
            yield return env.TimeoutD(TruckTime);
            var litres = TankSize - tank.Level;
            yield return tank.Put(litres);
            (Trucks, Delivered) = (Trucks + 1, Delivered + litres);
            Say($"the truck has filled in {litres} litres");
        }
    }

    void Say(string what)
    {
        if (isTalkative) env.Log("{0,5} {1}", env.NowD, what);
    }
}
