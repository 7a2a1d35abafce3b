namespace UnderBridge.Sim.Systems.Files;

/// <summary>A workload that the file system as configured can not serve: a file too large, a full disk, too few buffers or inodes.</summary>
sealed class FileSystemException(string message) : Exception(message);
