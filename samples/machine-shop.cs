#:project ../UnderBridge.Sim/UnderBridge.Sim.csproj
#:property PublishAot=false
// Ten machines make parts and break down now and then, also in the middle of a part. A repairman drops other work to repair one.
// What does a second or a third repairman bring? After the example "Machine Shop" of SimPy.
using UnderBridge.Sim.Engine;

const double Weeks = 40;

Console.WriteLine("repairmen  parts a week  other jobs a week  machines at work %  theory %");
for (var repairmen = 1; repairmen <= 3; repairmen++)
{
    var shop = new Shop(seed: 7, repairmen);
    shop.Run(minutes: Weeks * 7 * 24 * 60);
    Console.WriteLine($"{repairmen,9}  {shop.Parts / Weeks,12:0}  {shop.Jobs / Weeks,17:0}  {100 * shop.AtWork / Shop.Machines,18:0.0}  {100 * Theory(repairmen),8:0.0}");
}

// Failures and repairs are exponential, so the number of broken machines is a birth-and-death process, whose states have these weights.
static double Theory(int repairmen)
{
    var (weight, sum, working) = (1.0, 0.0, 0.0);
    for (var broken = 0; broken <= Shop.Machines; broken++)
    {
        if (broken > 0) weight *= (Shop.Machines - broken + 1) / Shop.TimeToFailure.Mean * Shop.RepairTime.Mean / Math.Min(broken, repairmen);
        (sum, working) = (sum + weight, working + weight * (Shop.Machines - broken));
    }
    return working / sum / Shop.Machines;
}

sealed class Shop
{
    public const int Machines = 10;
    public static readonly Exponential TimeToFailure = new(mean: 300), RepairTime = new(mean: 30);

    const double JobTime = 30;
    readonly Normal partTime = new(10, 2);
    readonly Simulation env;
    readonly PreemptiveResource repairmen;
    readonly TimeSeriesMonitor working;

    public Shop(int seed, int repairmen)
    {
        env = new(seed, TimeSpan.FromMinutes(1));
        this.repairmen = new(env, repairmen);
        working = new(env, Machines);
        for (var i = 0; i < Machines; i++) new Machine(this).Start();
        for (var i = 0; i < repairmen; i++) env.Process(OtherJobs());
    }

    public int Parts { get; private set; }
    public int Jobs { get; private set; }
    public double AtWork => working.Mean;

    public void Run(double minutes) => env.RunD(minutes);

    IEnumerable<Event> OtherJobs()
    {
        while (true)
        {
            var left = JobTime;
            while (left > 0)
            {
                using var request = repairmen.Request(priority: 2);
                yield return request;
                if (env.ActiveProcess!.HandleFault()) continue;
                var began = env.NowD;
                yield return env.TimeoutD(left);
                left = env.ActiveProcess.HandleFault() ? left - (env.NowD - began) : 0;
            }
            Jobs++;
        }
    }

    sealed class Machine(Shop shop)
    {
        readonly Simulation env = shop.env;
        bool isBroken;

        public void Start() => env.Process(Break(env.Process(Work())));

        IEnumerable<Event> Work()
        {
            while (true)
            {
                var left = env.Rand(shop.partTime);
                while (left > 0)
                {
                    var began = env.NowD;
                    yield return env.TimeoutD(left);
                    if (!env.ActiveProcess!.HandleFault()) break;
                    left -= env.NowD - began;
                    isBroken = true;
                    shop.working.Decrease();
                    using (var request = shop.repairmen.Request(priority: 1, preempt: true))
                    {
                        yield return request;
                        yield return env.TimeoutD(RepairTime);
                    }
                    isBroken = false;
                    shop.working.Increase();
                }
                shop.Parts++;
            }
        }

        IEnumerable<Event> Break(Process work)
        {
            while (true)
            {
                yield return env.TimeoutD(TimeToFailure);
                if (!isBroken) work.Interrupt();
            }
        }
    }
}
