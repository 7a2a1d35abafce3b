using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NetMQ;

namespace UnderBridge.Cli.Notebooks;

/// <summary>A message of Jupyter's wire protocol, version 5: who it goes to, what it is, what it answers, and what it says.</summary>
sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    const string Delimiter = "<IDS|MSG>";
    public const string ProtocolVersion = "5.3";

    public string Type => (string?)Header["msg_type"] ?? "";

    /// <summary>An answer to this message, to the one who sent it.</summary>
    public JupyterMessage Answer(string type, JsonObject content) => new(Identities, NewHeader(type), Copy(Header), content);

    /// <summary>A message to all who listen, on behalf of this one.</summary>
    public JupyterMessage Broadcast(string type, JsonObject content) => new([Encoding.UTF8.GetBytes(type)], NewHeader(type), Copy(Header), content);

    JsonObject NewHeader(string type) => new()
    {
        ["msg_id"] = Guid.NewGuid().ToString("N"), ["session"] = (string?)Header["session"], ["username"] = "kernel", ["date"] = DateTime.UtcNow.ToString("O"), ["msg_type"] = type, ["version"] = ProtocolVersion,
    };

    /// <summary>Null when the message is not signed with the key.</summary>
    public static JupyterMessage? Read(NetMQMessage frames, byte[] key)
    {
        var parts = frames.Select(frame => frame.ToByteArray()).ToList();
        var delimiter = parts.FindIndex(part => part.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Delimiter)));
        if (delimiter < 0 || parts.Count < delimiter + 6) return null;
        var signed = parts.GetRange(delimiter + 2, 4);
        var signature = Encoding.UTF8.GetBytes(Sign(signed, key));
        if (key.Length > 0 && !CryptographicOperations.FixedTimeEquals(signature, parts[delimiter + 1])) return null;
        JsonObject Json(int index) => JsonNode.Parse(signed[index]) as JsonObject ?? [];
        return new JupyterMessage(parts.GetRange(0, delimiter), Json(0), Json(1), Json(3));
    }

    public NetMQMessage Write(byte[] key)
    {
        List<byte[]> signed = [Bytes(Header), Bytes(Parent), "{}"u8.ToArray(), Bytes(Content)];
        var message = new NetMQMessage();
        foreach (var identity in Identities) message.Append(identity);
        message.Append(Delimiter);
        message.Append(key.Length == 0 ? "" : Sign(signed, key));
        foreach (var part in signed) message.Append(part);
        return message;
    }

    static string Sign(IEnumerable<byte[]> parts, byte[] key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    static JsonObject Copy(JsonObject json) => (JsonObject)json.DeepClone();
}
