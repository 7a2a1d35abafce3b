using UnderBridge.Sim.Hardware;
using UnderBridge.Sim.Observations;

namespace UnderBridge.Sim.Systems;

/// <summary>What authenticates a caller: a number that only the kernel hands out, different for each connection.</summary>
readonly record struct Token(ulong Value);

/// <summary>A capability to call a server, granted by the kernel. While both ends are in the kernel it has a gate.</summary>
public sealed class Connection
{
    internal Connection(Principal caller, Server callee, Token token) => (Caller, Callee, Token) = (caller, callee, token);

    public Principal Caller { get; }
    public Server Callee { get; }
    internal Token Token { get; }
}

/// <summary>
/// A gate that the kernel generated: code in memory domain 0, which servers execute and can not read, for one caller to enter one callee's domain with the
/// connection's token. <paramref name="Callee"/> is the kernel where the gate stands in for system calls, and <paramref name="Code"/> null until a path was laid out.
/// </summary>
sealed record Gate(Owner Caller, Owner Callee, Token Token, Region? Code);

/// <summary>Why the kernel or a gate refuses a call.</summary>
public enum CallRefusal
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The caller was granted no capability to call this server, so there is no gate.</summary>
    NoCapability,

    /// <summary>The token is not the connection's.</summary>
    ForgedToken,
}

/// <summary>A call that was refused where the caller did not ask for the outcome.</summary>
public sealed class CallRefusedException(Owner caller, Owner callee, CallRefusal refusal) : InvalidOperationException(
    $"{caller.Name} may not call {callee.Name}: {(refusal == CallRefusal.ForgedToken ? "the token is forged" : "it was granted no capability")}")
{
    public CallRefusal Refusal => refusal;
}
