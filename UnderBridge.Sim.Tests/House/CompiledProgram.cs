using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace UnderBridge.Sim.Tests.House;

/// <summary>
/// A program of one file, compiled in memory as <c>dotnet run</c> would, against what these tests run on: that takes neither a restore nor a build.
/// Its console is that of the whole process, so whoever runs one must not run beside other tests.
/// </summary>
static class CompiledProgram
{
    const string Usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";

    /// <summary>What the program prints, with lines ended by <c>\n</c>.</summary>
    public static string Output(string name, string source)
    {
        var (output, text) = (Console.Out, new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" });
        Console.SetOut(text);
        try
        {
            var main = Compiled(name, source).EntryPoint!;
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(output);
        }
        return text.ToString();
    }

    static Assembly Compiled(string name, string source)
    {
        var parsing = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("FileBasedProgram", "true")]);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var program = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source, parsing), CSharpSyntaxTree.ParseText(Usings, parsing)],
            references, new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var result = program.Emit(image);
        Assert.That(result.Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning), Is.Empty, name);
        return Assembly.Load(image.ToArray());
    }
}
