using System.Text.Json;
using System.Text.Json.Nodes;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Cli.Notebooks;

/// <summary>Where a kernel listens, and the key that signs its messages (jupyter_client, "Connection files").</summary>
sealed record ConnectionFile(string Transport, string Ip, string Key, int Shell, int Control, int Iopub, int Stdin, int Heartbeat)
{
    const string OnlyScheme = "hmac-sha256";

    /// <exception cref="InputException">It is not a connection file, or it asks for a way of signing that this kernel lacks.</exception>
    public static ConnectionFile Read(string path)
    {
        if (!File.Exists(path)) throw Wrong(path, "no such file", "a connection file of Jupyter");
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            var scheme = (string?)json["signature_scheme"] ?? OnlyScheme;
            if (scheme != OnlyScheme) throw Wrong(path, $"'{scheme}' for 'signature_scheme'", OnlyScheme);
            int Port(string channel) => (int)json[$"{channel}_port"]!;
            return new ConnectionFile((string)json["transport"]!, (string)json["ip"]!, (string)json["key"]!, Port("shell"), Port("control"), Port("iopub"), Port("stdin"), Port("hb"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or NullReferenceException or ArgumentNullException or FormatException)
        {
            throw Wrong(path, "no connection data", "a connection file of Jupyter");
        }
    }

    public string Address(int port) => FormattableString.Invariant($"{Transport}://{Ip}:{port}");

    static InputException Wrong(string path, string found, string expected) => new([new InputError(path, 0, 0, found, expected)]);
}
