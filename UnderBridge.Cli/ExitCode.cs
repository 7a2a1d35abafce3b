using UnderBridge.Sim.Evidence;
using UnderBridge.Sim.Systems;

namespace UnderBridge.Cli;

/// <summary>What the process returns.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A run failed, or its results could not be written.</summary>
    public const int Failed = 1;

    /// <summary>A flag, scenario, trace or catalogue file is wrong, or asks for a path that the machine or kernel can not run.</summary>
    public const int BadInput = 2;

    /// <summary>128 and the number of SIGINT, as shells count.</summary>
    public const int Interrupted = 130;

    public static int Of(Exception failure) => failure is InputException or PathException ? BadInput : Failed;
}
