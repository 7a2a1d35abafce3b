using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Scenarios;

namespace UnderBridge.Sim.Tests.Scenarios;

/// <summary>Files of services and of populations: what they may say, and what is said of the wrong ones.</summary>
public class ServiceScenarioTests
{
    const string Head = "name: x\ntitle: T\nquestion: Q\nmachine: xeon-gold-6138\nsystems: [{system: underbridge}]\n";

    [TestCase("{kind: service-mix}")]
    [TestCase("{kind: service-mix, app: service-app, instances: 2, compartments: 3, privileged-rate: 12.5, warm-up: 4, operations: 9, work-scale: 0.5}")]
    [TestCase("{kind: population}")]
    [TestCase("{kind: population, most-apps: 3, servers: 2, most-servers: 4, apps: 1, warm-up: 0, calls: 2}")]
    public void Writing_and_reading_again_gives_the_same_workload(string workload)
    {
        var scenario = Accepted($"{Head}workload: {workload}\n");
        var again = Accepted(ScenarioWriter.ToYaml(scenario));
        Assert.That(again.Workload, Is.EqualTo(scenario.Workload));
        Assert.That(ScenarioWriter.ToYaml(again), Is.EqualTo(ScenarioWriter.ToYaml(scenario)));
    }

    [Test]
    public void Keys_that_are_not_named_have_their_defaults()
    {
        Assert.That(Accepted($"{Head}workload: {{kind: service-mix}}\n").Workload, Is.EqualTo(new ServiceMix()));
        Assert.That(Accepted($"{Head}workload: {{kind: population}}\n").Workload, Is.EqualTo(new Population()));
    }

    [Test]
    public void The_command_line_sets_every_number_of_services()
    {
        var scenario = Accepted($"{Head}workload: {{kind: service-mix}}\n", "workload.instances=2", "workload.compartments=3", "workload.privileged-rate=7", "workload.operations=5");
        Assert.That(ResolvedScenario.Of(scenario, Shipped.Catalogue).Workload, Is.EqualTo(new ServiceMix { Instances = 2, Compartments = 3, PrivilegedRate = 7, Operations = 5 }));
    }

    [TestCase("{kind: service-mx}", "x.yaml:6:18: found 'service-mx' for 'kind', expected one of ping-pong, replay, services, service-mix, population, closed-loop, call-loop, both-ends, attacks, server-faults; did you mean 'service-mix'?")]
    [TestCase("{kind: service-mix, app: driver}", "x.yaml:6:36: found 'driver' for 'app', expected one of the callers file-server, network, service-app")]
    [TestCase("{kind: service-mix, compartment: 4}", "x.yaml:6:31: found 'compartment' under 'workload', expected one of kind, app, instances, compartments, privileged-rate, warm-up, operations, work-scale, replications, precision; did you mean 'compartments'?")]
    [TestCase("{kind: service-mix, operations: 0}", "x.yaml:6:43: found '0' for 'operations', expected a whole number between 1 and 1000000")]
    [TestCase("{kind: population, most-servers: 16}", "x.yaml:6:44: found '16' for 'most-servers', expected a whole number between 1 and 15")]
    public void A_wrong_workload_is_refused_with_its_place(string workload, string message)
    {
        var errors = new ErrorList();
        new ScenarioReader(Shipped.Catalogue, [], errors).Parse($"{Head}workload: {workload}\n", "x.yaml");
        Assert.That(errors.Errors.Select(error => error.ToString()), Is.EqualTo(new[] { message }));
    }

    static Scenario Accepted(string text, params string[] settings)
    {
        var errors = new ErrorList();
        var scenario = new ScenarioReader(Shipped.Catalogue, SettingParser.Parse(settings, errors), errors).Parse(text, "x.yaml");
        errors.ThrowIfAny();
        return scenario!;
    }
}

/// <summary>Programs that say by means what they do with a request, and designs that say what becomes of privilege.</summary>
public class ServiceReadingTests
{
    [Test]
    public void A_service_calls_others_that_exist_and_not_itself()
    {
        var driver = File.ReadAllText(Path.Combine(Shipped.Root, "UnderBridge.Sim", "Catalog", "Servers", "driver.yaml"));
        const string rate = "{value: 1, unit: calls a request, grade: assumed, source: user, at: x, range: [1, 1]}";
        Assert.That(Refusal("Servers/driver.yaml", $"{driver}  calls: {{file-servr: {rate}, file-server: {rate}}}\n"), Is.EqualTo(string.Join('\n',
            "Catalog/Servers/driver.yaml: found calls of 'file-servr', expected the name of a program of the catalogue with a 'service'; did you mean 'file-server'?",
            "Catalog/Servers/driver.yaml: found calls that come back to it, expected services that do not call each other in circles",
            "Catalog/Servers/file-server.yaml: found calls that come back to it, expected services that do not call each other in circles")));
    }

    [Test]
    public void A_design_whose_servers_exit_says_by_which_path()
    {
        var design = File.ReadAllText(Path.Combine(Shipped.Root, "UnderBridge.Sim", "Catalog", "Designs", "deprived-exit.yaml"));
        Assert.That(Refusal("Designs/deprived-exit.yaml", design.Replace("  exit-path: monitor-exit\n", "", StringComparison.Ordinal)),
            Does.Contain("found exits without an 'exit-path', expected the name of a path of the catalogue"));
        Assert.That(Refusal("Designs/deprived-exit.yaml", design.Replace("monitor-exit", "monitor-exits", StringComparison.Ordinal)),
            Does.Contain("found the path 'monitor-exits', expected the name of a path of the catalogue; did you mean 'monitor-exit'?"));
    }

    static string Refusal(string file, string text)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, file))!);
            File.WriteAllText(Path.Combine(folder, file), text);
            return Assert.Throws<InputException>(() => Catalogue.Load(folder))!.Message;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
