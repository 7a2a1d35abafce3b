namespace UnderBridge.Sim.Tests.House;

/// <summary>The checkout that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "UnderBridge.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
