using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Units;

namespace UnderBridge.Sim.Tests;

/// <summary>No step of a catalogue path that changes the protection state can be left out unnoticed.</summary>
public class StepRemovalTests
{
    static IEnumerable<IpcPath> Paths => Shipped.Catalogue.Paths.Values;

    /// <summary>SYSRET takes the stack of the thread it returns to, so a gate's step back to the caller's stack just before it changes nothing.</summary>
    // On the way in, SYSCALL has taken the kernel's stack already; the step is there for what the stub touches.
    // IskiOS has the kernel's rights there too, and gives the caller's back once more where a gate has done so.
    static readonly IReadOnlyList<string> Redundant =
    [
        "linux-lseek call switch-stack kernel", "null-syscall call switch-stack kernel",
        "iskios-app call switch-stack kernel", "iskios-app call wrpkru kernel", "iskios-app reply switch-stack caller", "iskios-app reply wrpkru caller",
        "pks-app call switch-stack kernel", "pks-app reply switch-stack caller", "underbridge-app call switch-stack kernel", "underbridge-app reply switch-stack caller",
    ];

    [TestCaseSource(nameof(Paths))]
    public void A_path_without_one_of_its_steps_is_refused_or_ends_in_the_same_state(IpcPath path)
    {
        var same = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var features in Shipped.Builds())
        {
            foreach (var (leg, steps) in new[] { ("call", path.Call), ("reply", path.Reply) })
            {
                for (var i = 0; i < steps.Count; i++)
                {
                    if (!ChangesState(path, features, steps[i])) continue;
                    IReadOnlyList<Step> rest = [.. steps.Take(i), .. steps.Skip(i + 1)];
                    var shorter = leg == "call" ? path with { Call = rest } : path with { Reply = rest };
                    if (PathVerifier.Verify(shorter, features, Shipped.Xeon).Count > 0) continue;
                    Assert.That(States(shorter, features), Is.EqualTo(States(path, features)), $"{path.Name}:{steps[i].Line} {features}");
                    same.Add($"{path.Name} {leg} {Kebab.Of(steps[i].Kind)} {Kebab.Of(steps[i].Target)}");
                }
            }
        }
        Assert.That(same, Is.EqualTo(Redundant.Where(step => step.StartsWith(path.Name + ' ', StringComparison.Ordinal))));
    }

    static bool ChangesState(IpcPath path, KernelFeatures features, Step step) =>
        step.When.Holds(features, PathVerifier.SpaceChanges(path))
        && step.Kind is not (StepKind.Logic or StepKind.Instruction or StepKind.Copy or StepKind.Schedule or StepKind.FpuSwitch or StepKind.FpuEnable or StepKind.FpuDisable
            or StepKind.IndirectCall or StepKind.IndirectReturn);

    /// <summary>The state in which the callee starts, and the one in which the caller goes on.</summary>
    static (PathState Called, PathState Replied) States(IpcPath path, KernelFeatures features)
    {
        PathState After(IReadOnlyList<Step> steps, PathState state) => steps
            .Where(step => step.When.Holds(features, PathVerifier.SpaceChanges(path))).Aggregate(state, (now, step) => now.After(step, features));
        var called = After(path.Call, PathState.Start(path, features));
        return (called, After(path.Reply, called));
    }
}
