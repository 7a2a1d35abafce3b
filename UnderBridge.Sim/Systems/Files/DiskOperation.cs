namespace UnderBridge.Sim.Systems.Files;

/// <summary>What a disk is asked: to move the block that is the request's subject, through the shared buffer.</summary>
enum DiskOperation
{
    Read,
    Write,
}
