using UnderBridge.Sim.Evidence;
using CsCheck;
using UnderBridge.Sim.Workloads;

namespace UnderBridge.Sim.Tests;

public class StraceTests
{
    [Test]
    public void Process_time_and_duration_are_each_optional()
    {
        var trace = TraceFixture.Strace("""
            close(3)              = 0
            1795435043.354756 close(3)              = 0
            12:00:01 close(3) = 0
            12:00:01.354756 close(3) = 0 <0.000009>
                 0.000012 close(3) = 0
            [pid 123] close(3) = 0
            [pid   123] 1795435043.354756 close(3) = 0 <0.000009>
            123 close(3) = 0
            123   12:00:01 [00007f25fc59c000] close(3) = 0
            """);
        Assert.That(trace.Calls, Has.Count.EqualTo(9));
        Assert.That(trace.Calls.Select(call => call with { Line = 0 }), Has.All.EqualTo(new TraceCall("close", "3", 0, null, 0)));
        Assert.That(trace.Calls.Select(call => call.Line), Is.EqualTo(Enumerable.Range(1, 9)));
    }

    [TestCase("brk(NULL) = 0x557cbc037000", 0x557cbc037000, null)]
    [TestCase("access(\"/x\", F_OK) = -1 ENOENT (No such file or directory)", -1, "ENOENT")]
    [TestCase("exit_group(0) = ?", 0, null)]
    [TestCase("read(0, 0x1, 2) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)", -1, "ERESTARTSYS")]
    [TestCase("openat(AT_FDCWD</a>, \"b\", O_RDONLY) = 3</a/b>", 3, null)]
    [TestCase("fcntl(3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)", 0x8002, null)]
    [TestCase("mmap(NULL, 8) = 0xffffffffffffffff", -1, null)]
    [TestCase("write(1, \"a) = 5 \\\"\", 9) = 9", 9, null)]
    [TestCase("fstat(3</data/odd(name>, {st_size=4}) = 0", 0, null)]
    public void A_result_is_a_number_a_pointer_an_error_or_unknown(string line, long result, string? error)
    {
        var call = TraceFixture.Strace(line).Calls.Single();
        Assert.That((call.Result, call.Error), Is.EqualTo((result, error)));
    }

    [Test]
    public void An_interrupted_call_is_joined_and_stands_where_it_returned()
    {
        var trace = TraceFixture.Strace("""
            [pid 7] read(3,  <unfinished ...>
            [pid 8] read(4,  <unfinished ...>
            [pid 8] <... read resumed>"x", 1) = 1
            [pid 7] <... read resumed>"", 5) = 0 <0.1>
            """);
        Assert.That(trace.Calls, Is.EqualTo(new[] { new TraceCall("read", "4, \"x\", 1", 1, null, 2), new TraceCall("read", "3, \"\", 5", 0, null, 1) }));
    }

    [Test]
    public void The_halves_of_a_call_are_joined_when_only_one_of_them_names_its_process()
    {
        var trace = TraceFixture.Strace("clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\nstrace: Process 8 attached\n[pid 7] <... clone resumed>) = 8\n");
        Assert.That(trace.Calls.Single(), Is.EqualTo(new TraceCall("clone", "child_stack=NULL, flags=SIGCHLD", 8, null, 1)));
    }

    [Test]
    public void Signals_exits_and_empty_lines_are_no_calls()
    {
        var trace = TraceFixture.Strace("close(3) = 0\n\n--- SIGCHLD {si_signo=SIGCHLD} ---\n[pid 3] +++ exited with 0 +++\n3 12:00:00 +++ killed by SIGKILL +++\n");
        Assert.That(trace.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void Arguments_are_split_at_commas_outside_of_quotes_and_brackets()
    {
        var call = TraceFixture.Strace("f(3, \"a,\\\"b\", {x=1, y=[2, 3]}, A|B) = 0").Calls.Single();
        Assert.That(Enumerable.Range(0, 5).Select(i => call.Argument(i).ToString()), Is.EqualTo(new[] { "3", "\"a,\\\"b\"", "{x=1, y=[2, 3]}", "A|B", "" }));
    }

    [Test]
    public void The_measured_part_lies_between_the_markers_and_the_preamble_before_them()
    {
        var trace = TraceFixture.Strace("open(\"a\") = 3\naccess(\"go\") = 0\nread(3) = 1\naccess(\"stop\") = 0\nclose(3) = 0\naccess(\"go\") = 0\n", "go", "stop");
        Assert.That(trace.Preamble.Single().Name, Is.EqualTo("open"));
        Assert.That(trace.Calls.Single().Name, Is.EqualTo("read"));
    }

    [Test]
    public void Gzip_is_recognised_by_its_content()
    {
        Assert.That(TraceFixture.With("close(3) = 0\n", path => TraceReader.ReadStrace(path), gzip: true).Calls, Has.Count.EqualTo(1));
    }

    [TestCase("close(3) = 0\nhello world\n", null, null, 2, "'hello world'", "a call such as")]
    [TestCase("close(3) = 0\nread(3, ", null, null, 2, "'read(3, '", "a call such as")]
    [TestCase("<... read resumed>) = 0\n", null, null, 1, "read resumed", "<unfinished ...>")]
    [TestCase("", null, null, 0, "no call", "strace output")]
    [TestCase("+++ exited with 0 +++\n", "go", null, 0, "no call", "strace output")]
    [TestCase("close(3) = 0\n", "go", null, 0, "no begin marker", "'go'")]
    [TestCase("access(\"go\") = 0\nclose(3) = 0\n", "go", "stop", 0, "no end marker", "'stop'")]
    [TestCase("access(\"go\") = 0\naccess(\"stop\") = 0\n", "go", "stop", 0, "no call between the markers", "at least one")]
    [TestCase("access(\"go\") = 0\n", "go", null, 0, "no call between the markers", "at least one")]
    public void What_is_wrong_is_said_with_its_line(string text, string? begin, string? end, int line, string found, string expected)
    {
        var error = Assert.Throws<InputException>(() => TraceFixture.Strace(text, begin, end))!.Errors.Single();
        Assert.That(error.File, Does.EndWith("trace.txt"));
        Assert.That(error.Line, Is.EqualTo(line));
        Assert.That(error.Found, Does.Contain(found));
        Assert.That(error.Expected, Does.Contain(expected));
    }

    [Test]
    public void All_errors_of_a_file_are_told_at_once_up_to_twenty()
    {
        Assert.That(Assert.Throws<InputException>(() => TraceFixture.Strace("close(3) = 0\nx\nclose(3) = 0\ny\n"))!.Errors.Select(e => e.Line), Is.EqualTo(new[] { 2, 4 }));
        Assert.That(Assert.Throws<InputException>(() => TraceFixture.Strace(string.Concat(Enumerable.Repeat("junk\n", 100))))!.Errors, Has.Count.EqualTo(20));
    }

    [Test]
    public void A_missing_file_is_a_trace_error()
    {
        var error = Assert.Throws<InputException>(() => TraceReader.ReadStrace("no/such/file"))!.Errors.Single();
        Assert.That((error.File, error.Line), Is.EqualTo(("no/such/file", 0)));
        Assert.That(error.Expected, Is.EqualTo("a readable file"));
    }

    [TestCase(1)]
    [TestCase(8)]
    [TestCase(60)]
    public void A_gzip_file_cut_off_is_an_error_and_not_a_shorter_trace(int cut)
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => FormattableString.Invariant($"pread64({i * 7919 % 1013}, \"\"..., 16, {i * i}) = 16\n")));
        var error = Assert.Throws<InputException>(() => TraceFixture.With(text, path => TraceReader.ReadStrace(path), gzip: true, cut))!.Errors.Single();
        Assert.That(error.Expected, Is.EqualTo("a complete gzip file"));
    }

    [Test]
    public void No_text_makes_the_reader_fail_in_any_other_way()
    {
        Gen.String[Gen.Char["abc(),=-?<>.0123456789 \"\\[]{}\n"], 0, 60].Sample(text =>
        {
            try
            {
                TraceFixture.Strace("close(3) = 0\n" + text);
            }
            catch (InputException problem)
            {
                Assert.That(problem.Errors, Is.Not.Empty);
            }
        }, iter: 500);
    }
}
