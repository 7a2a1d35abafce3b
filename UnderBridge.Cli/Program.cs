using UnderBridge.Cli;

using var interruption = new Interruption();
return Tool.Invoke(args, Terminal.Standard(interruption.Token));
