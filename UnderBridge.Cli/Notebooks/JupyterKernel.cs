using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace UnderBridge.Cli.Notebooks;

/// <summary>
/// A kernel of Jupyter (jupyter_client, "Messaging in Jupyter", protocol 5.3). One thread talks to the sockets; another runs cells, one at a time, so that an interrupt
/// or a shutdown is heard while a cell runs.
/// </summary>
sealed class JupyterKernel : IDisposable
{
    /// <summary>How long a cell may take to heed an interrupt before the user is told that it does not.</summary>
    static readonly TimeSpan patience = TimeSpan.FromSeconds(2);

    readonly byte[] key;
    readonly RouterSocket shell = new(), control = new(), stdin = new();
    readonly PublisherSocket iopub = new();
    readonly ResponseSocket heartbeat = new();
    readonly NetMQQueue<(NetMQSocket Socket, JupyterMessage Message)> outbox = new();
    readonly BlockingCollection<JupyterMessage> cells = [];
    readonly NetMQPoller poller;
    readonly CSharpSession session;
    JupyterMessage? running;
    CancellationTokenSource interruption = new();
    int executed;

    public JupyterKernel(ConnectionFile connection)
    {
        key = Encoding.UTF8.GetBytes(connection.Key);
        session = new CSharpSession(Put);
        shell.Bind(connection.Address(connection.Shell));
        control.Bind(connection.Address(connection.Control));
        stdin.Bind(connection.Address(connection.Stdin));
        iopub.Bind(connection.Address(connection.Iopub));
        heartbeat.Bind(connection.Address(connection.Heartbeat));
        shell.ReceiveReady += (_, _) => Receive(shell);
        control.ReceiveReady += (_, _) => Receive(control);
        stdin.ReceiveReady += (_, _) => stdin.ReceiveMultipartMessage();
        heartbeat.ReceiveReady += (_, _) => heartbeat.SendMultipartMessage(heartbeat.ReceiveMultipartMessage());
        outbox.ReceiveReady += (_, _) => Flush();
        poller = [shell, control, stdin, heartbeat, outbox];
    }

    /// <summary>Serves until it is told to shut down.</summary>
    public void Run(CancellationToken cancellation)
    {
        using var stop = cancellation.Register(poller.Stop);
        new Thread(RunCells) { IsBackground = true, Name = "cells" }.Start();
        poller.Run();
        Flush();
    }

    public void Dispose()
    {
        cells.CompleteAdding();
        poller.Dispose();
        outbox.Dispose();
        foreach (NetMQSocket socket in new NetMQSocket[] { shell, control, stdin, iopub, heartbeat }) socket.Dispose();
        interruption.Dispose();
        NetMQConfig.Cleanup(block: false);
    }

    void Receive(RouterSocket socket)
    {
        if (JupyterMessage.Read(socket.ReceiveMultipartMessage(), key) is not { } request) return;
        if (request.Type == "execute_request")
        {
            cells.Add(request);
            return;
        }
        Publish(request, "status", new() { ["execution_state"] = "busy" });
        if (Reply(request) is { } content) outbox.Enqueue((socket, request.Answer(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content)));
        Publish(request, "status", new() { ["execution_state"] = "idle" });
        if (request.Type != "shutdown_request") return;
        Flush();
        poller.Stop();
    }

    JsonObject? Reply(JupyterMessage request) => request.Type switch
    {
        "kernel_info_request" => KernelInfo(),
        "is_complete_request" => new() { ["status"] = CSharpSession.IsComplete(Code(request)) ? "complete" : "incomplete", ["indent"] = "" },
        "complete_request" => Complete(Code(request), (int)request.Content["cursor_pos"]!),
        "inspect_request" => new() { ["status"] = "ok", ["found"] = false, ["data"] = new JsonObject(), ["metadata"] = new JsonObject() },
        "history_request" => new() { ["status"] = "ok", ["history"] = new JsonArray() },
        "comm_info_request" => new() { ["status"] = "ok", ["comms"] = new JsonObject() },
        "interrupt_request" => Interrupt(),
        "shutdown_request" => new() { ["status"] = "ok", ["restart"] = (bool?)request.Content["restart"] ?? false },
        _ => null,
    };

    static JsonObject KernelInfo() => new()
    {
        ["status"] = "ok",
        ["protocol_version"] = JupyterMessage.ProtocolVersion,
        ["implementation"] = KernelSpecFile.Name,
        ["implementation_version"] = Tool.Version,
        ["language_info"] = new JsonObject { ["name"] = "C#", ["version"] = "14", ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp" },
        ["banner"] = $"{Tool.Name} {Tool.Version}: cells of C#, with UnderBridge.Sim at hand",
        ["help_links"] = new JsonArray(),
    };

    // Jupyter counts code points, C# counts UTF-16 units.
    JsonObject Complete(string code, int codePoints)
    {
        var position = code.EnumerateRunes().Take(codePoints).Sum(rune => rune.Utf16SequenceLength);
        var (start, names) = session.Complete(code, position);
        return new()
        {
            ["status"] = "ok", ["matches"] = new JsonArray([.. names.Select(name => (JsonNode)name)]), ["metadata"] = new JsonObject(),
            ["cursor_start"] = code[..start].EnumerateRunes().Count(), ["cursor_end"] = codePoints,
        };
    }

    JsonObject Interrupt()
    {
        if (Volatile.Read(ref running) is { } cell)
        {
            interruption.Cancel();
            _ = Task.Delay(patience).ContinueWith(_ =>
            {
                if (ReferenceEquals(Volatile.Read(ref running), cell))
                    Publish(cell, "stream", new() { ["name"] = "stderr", ["text"] = "The cell does not heed the interrupt: it does not watch `Cancellation`. Restart the kernel to stop it.\n" });
            }, TaskScheduler.Default);
        }
        return new() { ["status"] = "ok" };
    }

    void RunCells()
    {
        foreach (var cell in cells.GetConsumingEnumerable())
        {
            interruption = new CancellationTokenSource();
            Volatile.Write(ref running, cell);
            Publish(cell, "status", new() { ["execution_state"] = "busy" });
            if ((bool?)cell.Content["silent"] != true) executed++;
            Publish(cell, "execute_input", new() { ["code"] = Code(cell), ["execution_count"] = executed });
            var failure = session.Run(Code(cell), interruption.Token).GetAwaiter().GetResult();
            Volatile.Write(ref running, null);
            if (failure is not null) Publish(cell, "error", Error(failure));
            outbox.Enqueue((shell, cell.Answer("execute_reply", failure is null ? Ok() : Failed(failure))));
            Publish(cell, "status", new() { ["execution_state"] = "idle" });
        }
    }

    void Put(CellOutput output)
    {
        if (Volatile.Read(ref running) is not { } cell) return;
        switch (output)
        {
            case CellOutput.Printed printed: Publish(cell, "stream", new() { ["name"] = "stdout", ["text"] = printed.Text }); break;
            case CellOutput.Shown { IsResult: true } result: Publish(cell, "execute_result", new() { ["data"] = result.Data, ["metadata"] = new JsonObject(), ["execution_count"] = executed }); break;
            case CellOutput.Shown shown: Publish(cell, "display_data", new() { ["data"] = shown.Data, ["metadata"] = new JsonObject() }); break;
        }
    }

    JsonObject Ok() => new() { ["status"] = "ok", ["execution_count"] = executed, ["user_expressions"] = new JsonObject(), ["payload"] = new JsonArray() };

    JsonObject Failed(CellFailure failure)
    {
        var content = Error(failure);
        content["status"] = "error";
        content["execution_count"] = executed;
        return content;
    }

    static JsonObject Error(CellFailure failure) => new()
    {
        ["ename"] = failure.Name, ["evalue"] = failure.Message,
        ["traceback"] = new JsonArray([.. failure.Trace.DefaultIfEmpty($"{failure.Name}: {failure.Message}").Select(line => (JsonNode)line)]),
    };

    void Publish(JupyterMessage cause, string type, JsonObject content) => outbox.Enqueue((iopub, cause.Broadcast(type, content)));

    void Flush()
    {
        while (outbox.TryDequeue(out var entry, TimeSpan.Zero)) entry.Socket.SendMultipartMessage(entry.Message.Write(key));
    }

    static string Code(JupyterMessage request) => (string?)request.Content["code"] ?? "";
}
