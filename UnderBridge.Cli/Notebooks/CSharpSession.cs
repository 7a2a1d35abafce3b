using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace UnderBridge.Cli.Notebooks;

/// <summary>Cells of C# run one after another, each seeing what those before it declared. Cells do not overlap.</summary>
sealed class CSharpSession
{
    // What the cells of a notebook on this library say again and again.
    static readonly string[] imports =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading.Tasks",
        "UnderBridge.Sim.Catalog", "UnderBridge.Sim.Evidence", "UnderBridge.Sim.Observations", "UnderBridge.Sim.Reports", "UnderBridge.Sim.Scenarios", "UnderBridge.Sim.Studies", "UnderBridge.Sim.Charts",
    ];

    readonly NotebookGlobals globals;
    readonly Action<CellOutput> put;
    readonly ScriptOptions options;
    ScriptState<object?>? state;

    /// <param name="put">Told of each output as it comes, on any thread.</param>
    public CSharpSession(Action<CellOutput> put)
    {
        this.put = put;
        globals = new NotebookGlobals(value => put(new CellOutput.Shown(MimeBundle.Of(value), IsResult: false)));
        options = ScriptOptions.Default.WithImports(imports).WithReferences(LoadedAssemblies()).WithMetadataResolver(new PackageResolver());
    }

    /// <summary>Runs a cell; null when it ended well.</summary>
    public async Task<CellFailure?> Run(string code, CancellationToken cancellation)
    {
        globals.Cancellation = cancellation;
        var console = Console.Out;
        Console.SetOut(new Printer(text => put(new CellOutput.Printed(text))));
        try
        {
            var next = state is null
                ? await CSharpScript.RunAsync<object?>(code, options, globals, typeof(NotebookGlobals), CancellationToken.None).ConfigureAwait(false)
                : await state.ContinueWithAsync<object?>(code, options, CancellationToken.None).ConfigureAwait(false);
            state = next;
            if (next.ReturnValue is { } value) put(new CellOutput.Shown(MimeBundle.Of(value), IsResult: true));
            return null;
        }
        catch (CompilationErrorException wrong)
        {
            return new CellFailure(CellFailure.Compilation, wrong.Diagnostics[0].GetMessage(System.Globalization.CultureInfo.InvariantCulture), [.. wrong.Diagnostics.Select(Place)]);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new CellFailure("Interrupted", "the cell was interrupted", []);
        }
        catch (Exception failure)
        {
            return new CellFailure(failure.GetType().Name, failure.Message, [failure.ToString()]);
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    /// <summary>Names that may stand at a position of a cell that is being written, with the place where the one begun starts.</summary>
    public (int Start, IReadOnlyList<string> Names) Complete(string code, int position)
    {
        var start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1])) start--;
        var script = state is null ? CSharpScript.Create<object?>(code, options, typeof(NotebookGlobals)) : state.Script.ContinueWith<object?>(code, options);
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        var left = start > 0 && code[start - 1] == '.' ? LeftOfDot(tree, start - 1) : null;
        IEnumerable<ISymbol> symbols = left is null
            ? model.LookupSymbols(start)
            : model.GetSymbolInfo(left).Symbol is INamespaceOrTypeSymbol container
                ? model.LookupSymbols(start, container).Where(symbol => symbol.IsStatic || symbol is INamespaceOrTypeSymbol)
                : model.GetTypeInfo(left).Type is { } type ? model.LookupSymbols(start, type, includeReducedExtensionMethods: true).Where(symbol => !symbol.IsStatic || symbol is IMethodSymbol { IsExtensionMethod: true }) : [];
        var begun = code[start..position];
        var names = symbols.Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Select(symbol => symbol.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        return (start, names);
    }

    /// <summary>Whether a cell could stand as it is, or still lacks an end.</summary>
    public static bool IsComplete(string code) =>
        SyntaxFactory.IsCompleteSubmission(CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(kind: SourceCodeKind.Script)));

    static ExpressionSyntax? LeftOfDot(SyntaxTree tree, int dot) => tree.GetRoot().FindToken(dot).Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        QualifiedNameSyntax name => name.Left,
        _ => null,
    };

    static string Place(Diagnostic diagnostic)
    {
        var at = diagnostic.Location.GetLineSpan().StartLinePosition;
        return FormattableString.Invariant($"({at.Line + 1},{at.Character + 1}): {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}");
    }

    static IEnumerable<MetadataReference> LoadedAssemblies() => ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(path => MetadataReference.CreateFromFile(path));

    /// <summary>Standard output of a cell.</summary>
    sealed class Printer(Action<string> print) : StringWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        public override void Write(char value) => print(value.ToString());
        public override void Write(string? value) => print(value ?? "");
        public override void Write(char[] buffer, int index, int count) => print(new string(buffer, index, count));
        public override void WriteLine() => print("\n");
        public override void WriteLine(string? value) => print(value + "\n");
    }
}
