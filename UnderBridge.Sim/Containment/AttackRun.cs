using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;
using UnderBridge.Sim.Paths;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Sim.Containment;

/// <summary>
/// Runs attacks on a system. An attack that fails is run again with an assumption of the design broken, if one bears on it: the difference is what the design
/// owes to that assumption.
/// </summary>
sealed class AttackRun
{
    const int MostStrikes = 1000;

    readonly AttackStage stage;
    readonly Assumptions needs;
    readonly IRandom random;
    readonly int trials;

    /// <param name="spec">The system.</param>
    /// <param name="programs">Who lives in it.</param>
    /// <param name="trials">How often an attack that strikes at random is repeated.</param>
    /// <param name="seed">Of everything random.</param>
    /// <exception cref="PathException">The verifier refuses a path.</exception>
    public AttackRun(SystemSpec spec, Programs programs, int trials, int seed)
    {
        stage = new AttackStage(spec, programs, seed);
        needs = IsolationScore.Of(stage.Cast).Needs;
        random = stage.System.Environment.Stream("attacks");
        this.trials = trials;
    }

    /// <summary>Runs one attack. <see cref="AttackKind.LoopingServer"/> is a <see cref="FaultRun"/> and none of these.</summary>
    public AttackResult Of(AttackKind kind) => kind switch
    {
        AttackKind.WildWrite => Strike(kind, Access.Write),
        AttackKind.WildRead => Strike(kind, Access.Read),
        AttackKind.MeltdownByApp => Meltdown(kind, deed => stage.AsApp(deed), stage.App),
        AttackKind.MeltdownByServer => Meltdown(kind, deed => stage.As(stage.Servers[0], deed), stage.Attacker),
        AttackKind.ForgedPkru => Assuming(kind, Assumptions.NoUnguardedWrpkru, ForgePkru),
        AttackKind.GateJump => Assuming(kind, Changes(StepKind.Vmfunc) ? Assumptions.NoUnguardedVmfunc : Assumptions.NoUnguardedWrpkru, Jump),
        AttackKind.PrivilegedInstruction => Assuming(kind, Assumptions.MonitorCorrect, BePrivileged),
        AttackKind.ForgedToken => ForgeToken(),
        AttackKind.ConfusedDeputy => Confuse(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not an attack on memory or control"),
    };

    Core Core => stage.Core;

    /// <summary>Lets the attacker act until it is stopped, with an assumption holding or broken.</summary>
    delegate void Move(bool holds, Trail trail);

    AttackResult Assuming(AttackKind kind, Assumptions assumption, Move move)
    {
        var relied = needs.HasFlag(assumption);
        var held = Act(trail => move(relied, trail));
        if (held.Reached.Count > 0 || !relied) return Result(kind, held);
        var broken = Act(trail => move(false, trail));
        return broken.Reached.Count == 0
            ? Result(kind, held)
            : new AttackResult(kind, AttackOutcome.ContainedWhileAssumed, held.DetectedAfter, broken.Names, assumption);
    }

    static AttackResult Result(AttackKind kind, Trail trail) =>
        new(kind, trail.Reached.Count > 0 ? AttackOutcome.Breached : AttackOutcome.Contained, trail.DetectedAfter, trail.Names);

    Trail Act(Action<Trail> move) => Act(stage.Servers[0], move);

    Trail Act(Server server, Action<Trail> move)
    {
        var trail = new Trail(stage, stage.Cast[server.Principal]);
        stage.As(server, () =>
        {
            trail.Begin();
            move(trail);
        });
        return trail;
    }

    // Each trial ends at the first fault: the kernel ends who faults.
    AttackResult Strike(AttackKind kind, Access access)
    {
        var targets = stage.Cast.ForeignTo(stage.Attacker).SelectMany(region => Enumerable.Range(0, region.Pages).Select(page => (region, page))).ToList();
        var all = Enumerable.Range(0, trials).Select(_ => Act(trail =>
        {
            for (var strike = 0; strike < MostStrikes && trail.DetectedAfter is null; strike++)
            {
                var (region, page) = targets[random.Next(targets.Count)];
                trail.Touch(region, page, access);
            }
        })).ToList();
        var reached = all.SelectMany(trail => trail.Names).Distinct().Order(StringComparer.Ordinal).ToList();
        var detected = all.Where(trail => trail.DetectedAfter is not null).Select(trail => trail.DetectedAfter!.Value).ToList();
        return new AttackResult(kind, reached.Count > 0 ? AttackOutcome.Breached : AttackOutcome.Contained, detected.Count == 0 ? null : detected.Average(), reached);
    }

    // The fault comes too late, and an attacker knows how to have none.
    AttackResult Meltdown(AttackKind kind, Action<Action> act, Actor attacker)
    {
        var trail = new Trail(stage, attacker);
        act(() =>
        {
            foreach (var region in stage.Cast.ForeignTo(attacker))
            {
                var rule = Core.Check(region, Access.Read);
                if (rule == ProtectionRule.Allowed || stage.System.Spec.Machine.TransientReads.Contains(rule)) trail.Reach(region);
            }
        });
        return Result(kind, trail);
    }

    void ForgePkru(bool inspected, Trail trail)
    {
        // Whoever loads the program finds the instruction and refuses it.
        if (inspected) return;
        Core.Charge(Cause.DomainSwitch, Changes(StepKind.WritePkrs) ? "wrmsr" : "wrpkru", 1);
        Core.WritePkru(Pkru.AllowAll);
        trail.WriteAll();
    }

    void Jump(bool guarded, Trail trail)
    {
        var gate = stage.System.Machine.Regions.FirstOrDefault(region => region.Owner.Kind == OwnerKind.Gate && region.Executable && Enters(region))
            ?? stage.Cast.PrivateOf(stage.Cast.Kernel).First(region => region.Executable);
        trail.Touch(gate, 0, Access.Fetch, reaches: false);
        if (trail.DetectedAfter is not null) return;
        // The instruction writes what the attacker chose, and the check after it finds that.
        if (guarded) Core.Charge(Cause.DomainSwitch, Changes(StepKind.Vmfunc) ? "vmfunc" : Changes(StepKind.WritePkrs) ? "wrmsr" : "wrpkru", 1);
        if (Changes(StepKind.Vmfunc)) JumpToView(guarded, trail);
        else if (!(Changes(StepKind.Wrpkru) || Changes(StepKind.WritePkrs))) trail.WriteAll();
        else if (guarded) trail.Stop();
        else ForgePkru(inspected: false, trail);
    }

    void JumpToView(bool guarded, Trail trail)
    {
        if (guarded)
        {
            trail.Stop();
            return;
        }
        Core.Charge(Cause.AddressSpaceSwitch, "vmfunc", 1);
        foreach (var view in stage.Cast.Views)
        {
            Core.SwitchView(view);
            foreach (var region in stage.Cast.ForeignTo(stage.Attacker).Where(region => region.Executable && Core.Check(region, Access.Fetch) == ProtectionRule.Allowed)) trail.Reach(region);
        }
    }

    void BePrivileged(bool monitored, Trail trail)
    {
        if (monitored)
        {
            Core.Charge(Cause.MonitorExit, "vm-exit", 1);
            trail.Stop();
            return;
        }
        var before = Core.Faults.Count;
        Core.WriteControl(Core.Control & ~(Control.Wp | Control.Smep | Control.Smap), trail.Actor.Owner);
        if (Core.Faults.Count > before)
        {
            Core.Charge(Cause.PrivilegeSwitch, "interrupt", 1);
            trail.Stop();
            return;
        }
        Core.WriteAc(true, trail.Actor.Owner);
        Core.WritePkru(Pkru.AllowAll);
        foreach (var space in stage.System.Spaces)
        {
            Core.WriteCr3(space, kernelView: space.Kpti, flush: true, trail.Actor.Owner);
            trail.WriteAll();
        }
    }

    // The third server was granted no capability to call the second. Where the path authenticates nobody, nothing asks.
    AttackResult ForgeToken()
    {
        var (caller, callee) = (stage.Servers[2], stage.Servers[1]);
        var trail = Act(caller, trail =>
        {
            var way = stage.System.WayTo(caller.Principal, callee).Program;
            foreach (var step in way.Call.TakeWhile(step => step.Source.Kind != StepKind.Authenticate)) Core.Ledger.Charge(step.Cause, step.Cycles, step.NumberIndex);
            var asked = way.Call.Any(step => step.Source.Kind == StepKind.Authenticate);
            if (asked && caller.Principal.TryCall(callee, new Token((ulong)random.Next()), default, out _) != CallRefusal.None) trail.Stop();
            else trail.Reach(stage.Partner.EntryCode!);
        });
        return Result(AttackKind.ForgedToken, trail);
    }

    // The deputy follows the address with its own rights. What belongs to it alone it can always be made to spoil; the question is whom else.
    AttackResult Confuse()
    {
        var deputy = stage.Servers[0];
        var trail = Act(deputy, trail =>
        {
            foreach (var region in stage.Cast.ForeignTo(trail.Actor).Where(region => stage.Cast.OwnerOf(region) != stage.Partner))
            {
                if (Core.Check(region, Access.Read) == ProtectionRule.Allowed) trail.Touch(region, 0, Access.Read);
                if (Core.Check(region, Access.Write) == ProtectionRule.Allowed) trail.Touch(region, 0, Access.Write);
            }
            if (trail.Reached.Count == 0) trail.Touch(stage.Cast.ForeignTo(trail.Actor).First(), 0, Access.Write);
        });
        return Result(AttackKind.ConfusedDeputy, trail);
    }

    bool Changes(StepKind kind) => stage.System.Spec.ServerPath.Call.Any(step => step.Kind == kind);

    // Of the code that carries calls, that which callers run themselves.
    bool Enters(Region region) => stage.System.WayTo(stage.Servers[0].Principal, stage.Servers[1]).Program.Call.Any(step => step.Footprint is { } code && code.Touches[0].Region == region);
}
