using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Paths;

namespace UnderBridge.Sim.Tests;

/// <summary>What a path may not do, one rule a test, each on a path that obeys all the others.</summary>
public class PathVerifierTests
{
    static readonly KernelFeatures Kpti = new() { Kpti = true, Pcid = true };

    const string Gate = """
        title: Gate
        caller: kernel-domain
        callee: kernel-domain
        isolation: protection-key
        call:
          - authenticate
          - {step: wrpkru, target: callee}
          - {step: switch-stack, target: callee}
        reply:
          - {step: wrpkru, target: caller}
          - {step: switch-stack, target: caller}
        """;

    // One thread calls another of a different process through the kernel, which holds its lock.
    const string Ipc = """
        title: IPC
        caller: user-process
        callee: user-process
        isolation: address-space
        call:
          - syscall-entry
          - {step: swapgs, when: swapgs}
          - {step: write-cr3, target: kernel, when: kpti}
          - lock-acquire
          - authenticate
          - {step: unblock, target: callee}
          - {step: block, target: caller}
          - {step: switch-thread, target: callee}
          - {step: write-cr3, target: thread, when: not kpti}
          - lock-release
          - {step: write-cr3, target: user, when: kpti}
          - {step: swapgs, when: swapgs}
          - sysret
        reply:
          - syscall-entry
          - {step: swapgs, when: swapgs}
          - {step: write-cr3, target: kernel, when: kpti}
          - {step: unblock, target: caller}
          - {step: block, target: callee}
          - {step: switch-thread, target: caller}
          - {step: write-cr3, target: thread, when: not kpti}
          - {step: write-cr3, target: user, when: kpti}
          - {step: swapgs, when: swapgs}
          - sysret
        """;

    const string ViewSwitch = """
        title: View switch
        caller: user-process
        callee: user-process
        isolation: ept-view
        call:
          - authenticate
          - {step: vmfunc, target: callee}
          - {step: switch-stack, target: callee}
        reply:
          - {step: vmfunc, target: caller}
          - {step: switch-stack, target: caller}
        """;

    // An app enters the kernel to call a server linked into it.
    const string Trap = """
        title: Trap
        caller: user-process
        callee: kernel-code
        isolation: none
        call:
          - syscall-entry
          - {step: write-cr3, target: kernel, when: kpti}
        reply:
          - {step: write-cr3, target: user, when: kpti}
          - sysret
        """;

    [Test]
    public void The_paths_that_these_tests_break_are_accepted_whole()
    {
        foreach (var features in Shipped.Builds())
            foreach (var path in new[] { Gate, Ipc, ViewSwitch, Trap })
                Assert.That(PathText.Faults(path, features), Is.Empty, $"{path}\n{features}");
    }

    [TestCase("{step: write-cr3, target: kernel}", "write-cr3: MOV to CR3")]
    [TestCase("swapgs", "swapgs: SWAPGS")]
    [TestCase("sysret", "sysret: SYSRET")]
    [TestCase("fpu-enable", "fpu-enable: CLTS")]
    [TestCase("fpu-disable", "fpu-disable: MOV to CR0")]
    [TestCase("lock-acquire", "lock-acquire: lock-acquire")]
    [TestCase("{step: block, target: caller}", "block: block")]
    public void A_privileged_instruction_in_user_mode_is_refused_at_its_line(string step, string said)
    {
        var text = ViewSwitch.Replace("call:\n", $"call:\n  - {step}\n", StringComparison.Ordinal);
        Assert.That(PathText.Faults(text, Kpti, "underbridge-gate").Split('\n')[0], Is.EqualTo($"underbridge-gate:6: {said} is privileged, and this runs in user mode"));
    }

    [TestCase("{step: wrpkru, target: caller}")]
    [TestCase("{step: vmfunc, target: caller}")]
    [TestCase("authenticate")]
    [TestCase("indirect-call")]
    public void User_mode_may_change_its_rights_and_its_view_and_jump(string step) =>
        Assert.That(PathText.Faults(ViewSwitch.Replace("call:\n", $"call:\n  - {step}\n", StringComparison.Ordinal)), Is.Empty);

    [TestCase(Gate, "{step: wrpkru, target: callee}", 7)]
    [TestCase(ViewSwitch, "{step: vmfunc, target: callee}", 7)]
    public void A_callee_with_the_callers_rights_is_refused(string text, string crossing, int lastLine) =>
        Assert.That(PathText.Faults(Without(text, crossing)), Is.EqualTo($"path:{lastLine}: call: the callee runs with the caller's rights; say 'isolation: none' if that is meant"));

    [Test]
    public void A_callee_with_the_callers_rights_is_accepted_where_the_path_says_that_nothing_isolates()
    {
        const string unfenced = """
            title: Call
            caller: kernel-code
            callee: kernel-code
            isolation: none
            call: [indirect-call]
            reply: [indirect-return]
            """;
        Assert.That(PathText.Faults(unfenced), Is.Empty);
        Assert.That(PathText.Faults(unfenced.Replace("none", "protection-key", StringComparison.Ordinal)), Does.Contain("the callee runs with the caller's rights"));
    }

    [Test]
    public void A_callee_on_the_callers_stack_is_refused() =>
        Assert.That(PathText.Faults(Without(Gate, "{step: switch-stack, target: callee}")), Is.EqualTo("path:7: call: the callee runs on a stack that is not its own"));

    [TestCase(Gate, "{step: wrpkru, target: caller}", "does not restore the caller's rights")]
    [TestCase(Gate, "{step: switch-stack, target: caller}", "does not restore the caller's stack")]
    [TestCase(ViewSwitch, "{step: switch-stack, target: caller}", "does not restore the caller's stack")]
    public void A_reply_that_does_not_put_everything_back_is_refused(string text, string step, string said) =>
        Assert.That(PathText.Faults(Without(text, step)), Is.EqualTo($"path:{text.Split('\n').Length - 1}: reply: {said}"));

    [Test]
    public void A_reply_in_the_callees_view_is_refused_for_its_view_and_its_address_space() =>
        Assert.That(PathText.Faults(Without(ViewSwitch, "{step: vmfunc, target: caller}")), Is.EqualTo(
            "path:10: reply: does not restore the caller's address space\npath:10: reply: does not restore the caller's EPT view"));

    [Test]
    public void A_reply_that_stays_in_the_kernel_is_refused_for_its_privilege_page_table_and_stack() =>
        Assert.That(PathText.Faults(Without(Without(Trap, "{step: write-cr3, target: user, when: kpti}"), "  - sysret\n", "  []\n"), Kpti), Is.EqualTo(string.Join('\n',
            "path:0: reply: does not restore the caller's privilege",
            "path:0: reply: does not restore the caller's page table",
            "path:0: reply: does not restore the caller's stack")));

    [Test]
    public void A_reply_that_stays_with_the_callees_thread_is_refused() =>
        Assert.That(PathText.Faults(Without(Ipc, "{step: switch-thread, target: caller}")), Is.EqualTo(string.Join('\n',
            "path:28: reply: does not restore the caller's address space",
            "path:28: reply: does not restore the caller's stack",
            "path:28: reply: leaves the kernel's current thread at the callee")));

    [Test]
    public void A_reply_that_leaves_the_kernels_GS_is_refused()
    {
        const string text = """
            title: Inside the kernel
            caller: kernel-code
            callee: kernel-code
            isolation: none
            call: [indirect-call]
            reply:
              - swapgs
            """;
        Assert.That(PathText.Faults(text), Is.EqualTo("path:7: reply: does not restore GS"));
    }

    [Test]
    public void A_caller_that_blocks_and_is_never_unblocked_is_refused() =>
        Assert.That(PathText.Faults(Without(Ipc, "{step: unblock, target: caller}")), Is.EqualTo("path:28: reply: the caller waits, and nothing wakes it"));

    [Test]
    public void A_callee_that_does_not_wait_again_is_refused() =>
        Assert.That(PathText.Faults(Without(Ipc, "{step: block, target: callee}")), Is.EqualTo("path:28: reply: leaves the callee runnable, with no call to serve"));

    [TestCase("{step: block, target: caller}", "path:22: unblock: the caller does not wait")]
    [TestCase("{step: unblock, target: callee}", "path:23: block: the callee waits already")]
    public void Who_wakes_must_have_waited_and_who_waits_must_have_run(string step, string said) => Assert.That(PathText.Faults(Without(Ipc, step)), Is.EqualTo(said));

    [Test]
    public void Under_KPTI_nothing_but_the_stub_runs_before_the_kernels_page_table_is_loaded()
    {
        var text = Without(Ipc, "{step: write-cr3, target: kernel, when: kpti}");
        Assert.That(PathText.Faults(text), Is.Empty, "without KPTI the kernel is always mapped");
        Assert.That(PathText.Faults(text, Kpti).Split('\n')[0], Is.EqualTo("path:8: lock-acquire: KPTI hides the kernel until CR3 holds its page table"));
        Assert.That(PathText.Faults(Trap, Kpti), Is.Empty, "the entry stub and MOV to CR3 itself run in the user's page table");
    }

    [Test]
    public void A_return_to_user_mode_with_the_kernels_page_table_is_refused() =>
        Assert.That(PathText.Faults(Without(Trap, "{step: write-cr3, target: user, when: kpti}"), Kpti), Does.StartWith(
            "path:9: sysret: returns to user mode with the kernel's page table loaded"));

    [Test]
    public void A_return_to_a_thread_whose_address_space_is_not_loaded_is_refused() =>
        Assert.That(PathText.Faults(Without(Ipc, "{step: write-cr3, target: thread, when: not kpti}")), Does.StartWith(
            "path:17: sysret: returns to a thread whose address space is not loaded"));

    [Test]
    public void A_return_to_user_mode_with_the_kernels_GS_is_refused()
    {
        var text = Ipc.Remove(Ipc.IndexOf("  - {step: swapgs", StringComparison.Ordinal), "  - {step: swapgs, when: swapgs}\n".Length);
        Assert.That(PathText.Faults(text, new KernelFeatures { Swapgs = true }), Does.StartWith("path:17: sysret: returns to user mode with the kernel's GS"));
    }

    [Test]
    public void A_return_to_user_mode_with_the_kernels_lock_is_refused() =>
        Assert.That(PathText.Faults(Without(Ipc, "lock-release")), Does.StartWith("path:17: sysret: returns to user mode with the kernel's lock held"));

    [Test]
    public void A_lock_is_taken_once_and_released_once()
    {
        Assert.That(PathText.Faults(Ipc.Replace("  - lock-acquire\n", "  - lock-acquire\n  - lock-acquire\n", StringComparison.Ordinal)),
            Is.EqualTo("path:10: lock-acquire: the lock is already held"));
        Assert.That(PathText.Faults(Without(Ipc, "lock-acquire")), Is.EqualTo("path:14: lock-release: the lock is not held"));
    }

    [Test]
    public void A_callee_that_starts_with_the_kernels_lock_is_refused() =>
        Assert.That(PathText.Faults(Trap.Replace("  - syscall-entry\n", "  - syscall-entry\n  - lock-acquire\n", StringComparison.Ordinal)), Does.StartWith(
            "path:8: call: the callee starts with the kernel's lock held"));

    [Test]
    public void SYSCALL_is_an_instruction_of_user_mode() =>
        Assert.That(PathText.Faults(Gate.Replace("call:\n", "call:\n  - syscall-entry\n", StringComparison.Ordinal)), Does.StartWith("path:6: syscall-entry: SYSCALL from kernel mode"));

    [Test]
    public void A_callee_starts_in_the_mode_it_lives_in()
    {
        Assert.That(PathText.Faults(Without(Ipc, "  - sysret\nreply:", "reply:")), Does.Contain("call: the callee starts in kernel mode"));
        Assert.That(PathText.Faults(Trap.Replace("  - syscall-entry\n", "  - indirect-call\n", StringComparison.Ordinal)), Does.StartWith("path:7: call: the callee starts in user mode"));
    }

    [TestCase(Gate, "path:6: wrpkru")]
    [TestCase(ViewSwitch, "path:6: vmfunc")]
    [TestCase(Ipc, "path:12: switch-thread")]
    public void Nobody_takes_the_callees_rights_before_something_authenticated_the_caller(string text, string place) =>
        Assert.That(PathText.Faults(Without(text, "authenticate")), Is.EqualTo($"{place}: takes the callee's rights before anything authenticated the caller"));

    [Test]
    public void Inside_one_process_the_entry_points_are_the_check() =>
        Assert.That(PathText.Faults(Without(Gate, "authenticate").Replace("kernel-domain", "user-domain", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Threads_of_one_space_are_switched_without_writing_CR3()
    {
        var oneSpace = Without(Ipc, "{step: write-cr3, target: thread, when: not kpti}").Replace("address-space", "none", StringComparison.Ordinal);
        foreach (var features in Shipped.Builds()) Assert.That(PathText.Faults(oneSpace, features), Is.Empty, features.ToString());
    }

    // Neither PKRU nor the EPT view is part of CR3.
    [Test]
    public void A_CR3_write_does_not_give_rights_back()
    {
        const string text = """
            title: App to domain
            caller: user-process
            callee: kernel-domain
            isolation: protection-key
            call:
              - syscall-entry
              - {step: write-cr3, target: kernel, when: kpti}
              - authenticate
              - {step: wrpkru, target: callee}
              - {step: switch-stack, target: callee}
            reply:
              - {step: write-cr3, target: user, when: kpti}
              - sysret
            """;
        Assert.That(PathText.Faults(text, Kpti), Is.EqualTo("path:13: reply: does not restore the caller's rights"));
        Assert.That(PathText.Faults(text.Replace("reply:\n", "reply:\n  - {step: wrpkru, target: caller}\n", StringComparison.Ordinal), Kpti), Is.Empty);
    }

    [TestCase("{step: write-cr3, target: callee}")]
    [TestCase("{step: wrpkru, target: thread}")]
    [TestCase("{step: vmfunc, target: kernel}")]
    [TestCase("{step: switch-stack, target: user}")]
    [TestCase("{step: block, target: kernel}")]
    public void A_target_that_means_nothing_to_the_step_is_refused(string step)
    {
        var target = step[(step.IndexOf("target: ", StringComparison.Ordinal) + "target: ".Length)..^1];
        var text = Gate.Replace("call:\n", $"call:\n  - {step}\n", StringComparison.Ordinal);
        Assert.That(PathText.Faults(text).Split('\n')[0], Does.StartWith("path:6: ").And.EndWith($"a target '{target}' means nothing here"));
    }

    [Test]
    public void A_price_that_the_machine_lacks_is_refused()
    {
        var old = Shipped.Xeon with { Name = "old", Prices = Shipped.Xeon.Prices.Where(price => price.Key != "wrpkru").ToDictionary() };
        Assert.That(Faults(Gate, old), Is.EqualTo("path:7: wrpkru: old has no price 'wrpkru'\npath:10: wrpkru: old has no price 'wrpkru'"));
        Assert.That(Faults(ViewSwitch, old), Is.Empty, "a path that does not take the step needs no price for it");
    }

    [Test]
    public void A_number_that_the_path_lacks_for_the_machine_is_refused()
    {
        const string priced = """
            title: Call
            caller: kernel-code
            callee: kernel-code
            isolation: none
            numbers:
              entry:
                xeon-gold-6138: {value: 5, unit: cycles, grade: assumed, source: assumptions, at: prices of kernels, range: [1, 9]}
            call:
              - {step: logic, price: entry}
              - {step: logic, price: exit}
            reply: [indirect-return]
            """;
        Assert.That(Faults(priced, Shipped.Xeon), Is.EqualTo("path:10: logic: the path has no number 'exit' for xeon-gold-6138"));
        Assert.That(Faults(priced, Shipped.Xeon with { Name = "other" }), Does.StartWith("path:9: logic: the path has no number 'entry' for other"));
        Assert.That(Faults(priced.Replace("xeon-gold-6138", "any", StringComparison.Ordinal).Replace("exit", "entry", StringComparison.Ordinal), Shipped.Xeon with { Name = "other" }), Is.Empty);
    }

    [TestCase("logic")]
    [TestCase("copy")]
    [TestCase("schedule")]
    public void Work_of_no_stated_size_is_refused(string step) =>
        Assert.That(PathText.Faults(Gate.Replace("call:\n", $"call:\n  - {step}\n", StringComparison.Ordinal)), Is.EqualTo($"path:6: {step}: names no number for what it costs"));

    [Test]
    public void A_footprint_that_the_path_lacks_is_refused() =>
        Assert.That(PathText.Faults(Gate.Replace("- authenticate", "- {step: authenticate, footprint: gate}", StringComparison.Ordinal)), Is.EqualTo(
            "path:6: authenticate: the path has no footprint 'gate'"));

    [Test]
    public void Steps_that_do_not_apply_are_not_judged() =>
        Assert.That(PathText.Faults(Gate.Replace("call:\n", "call:\n  - {step: logic, price: nothing, when: smp}\n", StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Every_fault_is_reported_in_the_order_of_the_path() =>
        Assert.That(PathText.Faults(Without(Without(Without(Gate, "authenticate"), "{step: switch-stack, target: callee}"), "{step: wrpkru, target: caller}")), Is.EqualTo(string.Join('\n',
            "path:6: wrpkru: takes the callee's rights before anything authenticated the caller",
            "path:6: call: the callee runs on a stack that is not its own",
            "path:8: reply: does not restore the caller's rights")));

    static string Faults(string text, HardwareProfile machine) => string.Join('\n', PathVerifier.Verify(PathText.Read(text), new KernelFeatures(), machine));

    /// <summary>The text without the lines of a step, in both legs.</summary>
    static string Without(string text, string step)
    {
        var line = $"  - {step}\n";
        // The last line of a text has no line feed.
        var shorter = (text + "\n").Replace(line, "", StringComparison.Ordinal).TrimEnd('\n');
        Assert.That(shorter, Is.Not.EqualTo(text), "the step is there to be taken out");
        return shorter;
    }

    static string Without(string text, string from, string to)
    {
        Assert.That(text + "\n", Does.Contain(from));
        return (text + "\n").Replace(from, to, StringComparison.Ordinal).TrimEnd('\n');
    }
}
