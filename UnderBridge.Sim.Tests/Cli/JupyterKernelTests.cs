using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;
using UnderBridge.Cli.Notebooks;

namespace UnderBridge.Sim.Tests.Cli;

/// <summary>The kernel as a front end meets it: over its sockets, with messages as Jupyter's wire protocol has them.</summary>
[NonParallelizable]
public class JupyterKernelTests
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    readonly ConnectionFile connection = new("tcp", "127.0.0.1", "a secret", FreePort(), FreePort(), FreePort(), FreePort(), FreePort());
    JupyterKernel kernel = null!;
    Thread serving = null!;
    DealerSocket shell = null!, control = null!;
    SubscriberSocket iopub = null!;

    [OneTimeSetUp]
    public void Start()
    {
        kernel = new JupyterKernel(connection);
        serving = new Thread(() => kernel.Run(CancellationToken.None));
        serving.Start();
        shell = new DealerSocket($">{connection.Address(connection.Shell)}");
        control = new DealerSocket($">{connection.Address(connection.Control)}");
        iopub = new SubscriberSocket($">{connection.Address(connection.Iopub)}");
        iopub.SubscribeToAnyTopic();
        // A subscription takes a moment to reach the kernel; until a status is heard, ask again.
        while (!HasMessage(iopub, 200)) Ask(shell, "kernel_info_request");
        while (HasMessage(shell, 500)) shell.ReceiveMultipartMessage();
        while (HasMessage(iopub, 100)) iopub.ReceiveMultipartMessage();
    }

    [OneTimeTearDown]
    public void Shutdown()
    {
        Send(control, "shutdown_request", new() { ["restart"] = false });
        Assert.That(serving.Join(patience), "a kernel that is told to shut down ends");
        shell.Dispose();
        control.Dispose();
        iopub.Dispose();
        kernel.Dispose();
    }

    [Test]
    public void It_says_what_it_speaks() =>
        Assert.That((string?)Ask(shell, "kernel_info_request")["language_info"]!["name"], Is.EqualTo("C#"));

    [Test]
    public void A_cell_is_announced_printed_shown_and_answered_in_this_order()
    {
        var reply = Ask(shell, "execute_request", new() { ["code"] = "Console.Write(\"p\"); Display(new Table(\"t\", [new(\"c\")], [])); 6 * 7" });
        Assert.That((string?)reply["status"], Is.EqualTo("ok"));
        Assert.That(Heard(), Is.EqualTo(new[] { "status busy", "execute_input", "stream p", "display_data text/html text/plain", "execute_result text/plain", "status idle" }));
    }

    [Test]
    public void A_cell_that_throws_is_answered_with_its_error_and_the_next_one_runs()
    {
        var reply = Ask(shell, "execute_request", new() { ["code"] = "throw new Exception(\"no luck\");" });
        Assert.That(((string?)reply["status"], (string?)reply["ename"], (string?)reply["evalue"]), Is.EqualTo(("error", "Exception", "no luck")));
        Assert.That((string?)Ask(shell, "execute_request", new() { ["code"] = "1" })["status"], Is.EqualTo("ok"));
        Heard();
    }

    [TestCase("var hertz = 3; her", 18, 15, "hertz")]
    [TestCase("\"text\".Subs", 11, 7, "Substring")]
    [TestCase("Math.Sqr", 8, 5, "Sqrt")]
    [TestCase("System.Text.Json.JsonS", 22, 17, "JsonSerializer")]
    [TestCase("\"\U0001F600\".Subs", 8, 4, "Substring")]
    public void It_completes_names_where_they_may_stand(string code, int cursor, int start, string expected)
    {
        var reply = Ask(shell, "complete_request", new() { ["code"] = code, ["cursor_pos"] = cursor });
        Assert.That(reply["matches"]!.AsArray().Select(match => (string?)match), Does.Contain(expected));
        Assert.That(((int)reply["cursor_start"]!, (int)reply["cursor_end"]!), Is.EqualTo((start, cursor)));
    }

    [TestCase("1 + 1", "complete")]
    [TestCase("if (true) {", "incomplete")]
    public void It_knows_whether_a_cell_lacks_an_end(string code, string status) =>
        Assert.That((string?)Ask(shell, "is_complete_request", new() { ["code"] = code })["status"], Is.EqualTo(status));

    [Test]
    public void An_interrupt_ends_a_cell_that_watches_for_it()
    {
        Send(shell, "execute_request", new() { ["code"] = "Console.Write(\"waits\"); await Task.Delay(-1, Cancellation);" });
        WaitFor("stream waits");
        Assert.That((string?)Ask(control, "interrupt_request")["status"], Is.EqualTo("ok"));
        Assert.That((string?)Answer(shell)["ename"], Is.EqualTo("Interrupted"));
        Heard();
    }

    [Test]
    public void A_cell_that_does_not_heed_an_interrupt_is_told_that_it_needs_a_restart()
    {
        Send(shell, "execute_request", new() { ["code"] = "Console.Write(\"busy\"); var until = DateTime.UtcNow.AddSeconds(6); while (DateTime.UtcNow < until) { }" });
        WaitFor("stream busy");
        Ask(control, "interrupt_request");
        WaitFor("stream The cell does not heed the interrupt: it does not watch `Cancellation`. Restart the kernel to stop it.\n");
        Assert.That((string?)Answer(shell)["status"], Is.EqualTo("ok"));
        Heard();
    }

    [Test]
    public void A_message_with_a_wrong_signature_is_not_answered()
    {
        shell.SendMultipartMessage(Message("kernel_info_request", [], "another secret"));
        Assert.That(HasMessage(shell, 300), Is.False);
        It_says_what_it_speaks();
    }

    [TestCase("no-such-file", "found no such file, expected a connection file of Jupyter")]
    public void A_connection_file_that_is_none_is_refused(string path, string message) =>
        Assert.That(() => ConnectionFile.Read(path), Throws.Exception.With.Message.EqualTo($"{path}: {message}"));

    JsonObject Ask(DealerSocket socket, string type, JsonObject? content = null)
    {
        Send(socket, type, content ?? []);
        return Answer(socket);
    }

    void Send(DealerSocket socket, string type, JsonObject content) => socket.SendMultipartMessage(Message(type, content, connection.Key));

    static JsonObject Answer(DealerSocket socket)
    {
        NetMQMessage? message = null;
        Assert.That(socket.TryReceiveMultipartMessage(patience, ref message), "an answer");
        return (JsonObject)JsonNode.Parse(message!.Last.ConvertToString())!;
    }

    /// <summary>What was broadcast since, up to the last status.</summary>
    List<string> Heard()
    {
        var heard = new List<string>();
        while (heard.LastOrDefault() != "status idle" || HasMessage(iopub, 100)) heard.Add(Hear());
        return heard;
    }

    void WaitFor(string broadcast)
    {
        while (Hear() != broadcast) { }
    }

    string Hear()
    {
        NetMQMessage? message = null;
        Assert.That(iopub.TryReceiveMultipartMessage(patience, ref message), "a broadcast");
        var (type, content) = (message!.First.ConvertToString(), JsonNode.Parse(message.Last.ConvertToString())!);
        var detail = content["execution_state"] ?? content["text"] ?? (content["data"] is JsonObject data ? string.Join(' ', data.Select(entry => entry.Key)) : null);
        return detail is null ? type : $"{type} {detail}";
    }

    static NetMQMessage Message(string type, JsonObject content, string key)
    {
        string[] parts = [new JsonObject { ["msg_id"] = Guid.NewGuid().ToString(), ["session"] = "test", ["msg_type"] = type, ["version"] = "5.3" }.ToJsonString(), "{}", "{}", content.ToJsonString()];
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Concat(parts))));
        var message = new NetMQMessage();
        foreach (var frame in new[] { "<IDS|MSG>", signature }.Concat(parts)) message.Append(frame, Encoding.UTF8);
        return message;
    }

    static bool HasMessage(NetMQSocket socket, int milliseconds) => socket.Poll(PollEvents.PollIn, TimeSpan.FromMilliseconds(milliseconds)).HasFlag(PollEvents.PollIn);

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
