namespace UnderBridge.Sim.Workloads;

/// <summary>Who answers which system call: the call's name, and the server's, or <c>app</c> for a call that stays in the app.</summary>
public sealed record CallTable(string Name, IReadOnlyDictionary<string, string> Rows);
