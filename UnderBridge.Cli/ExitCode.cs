namespace UnderBridge.Cli;

/// <summary>What the process returns.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A run failed, or its results could not be written.</summary>
    public const int Failed = 1;

    /// <summary>A flag, scenario, trace or catalogue file is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>128 and the number of SIGINT, as shells count.</summary>
    public const int Interrupted = 130;
}
