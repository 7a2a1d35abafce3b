using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using UnderBridge.Sim.Tests.House;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>Compiles the projects as <c>-p:DesEngine=SimSharp</c> does, in memory, with the facade in place of the package.</summary>
static class OnSimSharp
{
    // The projects do not ask for comments everywhere (CS1591), and what makes the other half of a generated regular expression does not run here (CS8795).
    static readonly string[] ignored = ["CS1591", "CS8795"];

    static readonly CSharpParseOptions parsing = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Diagnose).WithFeatures([new("FileBasedProgram", "true")]);

    static readonly MetadataReference[] packages =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith("underbridge", StringComparison.OrdinalIgnoreCase)).Select(file => MetadataReference.CreateFromFile(file)),
    ];

    static readonly Dictionary<string, ProjectFile> files = [];
    static readonly Dictionary<string, CSharpCompilation> compiled = [];

    /// <summary>Nullable references are off, as in the package.</summary>
    public static CSharpCompilation Package { get; } =
        CSharpCompilation.Create("SimSharp", [Parse(Facade.Source, "SimSharp.cs")], packages, new(OutputKind.DynamicallyLinkedLibrary));

    /// <param name="project">A project file or a program of one file, within the repository.</param>
    public static ProjectFile Read(string project) => files.TryGetValue(project, out var known) ? known : files[project] = new(project);

    public static CSharpCompilation Project(string path)
    {
        if (compiled.TryGetValue(path, out var known)) return known;
        var file = Read(path);
        var sources = file.Sources.Select(source => Parse(File.ReadAllText(source), source));
        return compiled[path] = Create(file.Name, file.IsProgram, [.. sources, Parse(file.Preamble, "usings.cs")], file.References);
    }

    /// <summary>Errors and warnings, which are errors here: <c>UnderBridge.Sim/Systems/Server.cs:7: CS1061 ...</c></summary>
    public static IEnumerable<string> Complaints(CSharpCompilation compilation) => Describe(compilation.GetDiagnostics());

    /// <summary>Those about a file that is added to a project.</summary>
    public static IEnumerable<string> Complaints(CSharpCompilation project, string text, string file)
    {
        var added = Parse(text, Path.Combine(Repository.Root, file));
        return Describe(project.AddSyntaxTrees(added).GetSemanticModel(added).GetDiagnostics());
    }

    /// <summary>Compiles sources against an assembly in place of the package, and loads them.</summary>
    public static Assembly Load(string name, IEnumerable<string> sources, Assembly engine)
    {
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary);
        var compilation = CSharpCompilation.Create(name, sources.Select(text => Parse(text, name)), [.. packages, MetadataReference.CreateFromFile(engine.Location)], options);
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        return result.Success ? Assembly.Load(bytes.ToArray()) : throw new InvalidOperationException(string.Join('\n', Describe(result.Diagnostics)));
    }

    static CSharpCompilation Create(string name, bool isProgram, SyntaxTree[] sources, IEnumerable<string> references)
    {
        var kind = isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var options = new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        var projects = references.SelectMany(WithItsOwn).Distinct().Select(path => Project(path).ToMetadataReference());
        return CSharpCompilation.Create(name, sources, [.. packages, Package.ToMetadataReference(), .. projects], options);
    }

    static IEnumerable<string> WithItsOwn(string path) => Read(path).References.SelectMany(WithItsOwn).Prepend(path);

    static SyntaxTree Parse(string text, string file) => CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), parsing, file);

    static IEnumerable<string> Describe(IEnumerable<Diagnostic> diagnostics) =>
        diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning && !found.IsSuppressed && !ignored.Contains(found.Id)).Select(Describe);

    static string Describe(Diagnostic found)
    {
        var place = found.Location.GetLineSpan();
        var path = Path.IsPathRooted(place.Path) ? Path.GetRelativePath(Repository.Root, place.Path) : place.Path;
        return $"{path}:{place.StartLinePosition.Line + 1}: {found.Id} {found.GetMessage(CultureInfo.InvariantCulture)}";
    }
}
