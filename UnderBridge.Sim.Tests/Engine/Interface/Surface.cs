using System.Globalization;
using System.Reflection;

namespace UnderBridge.Sim.Tests.Interface;

/// <summary>What an assembly shows of its types to those who use them and derive from them, in the notation of the list.</summary>
static class Surface
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Dictionary<Type, string> keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double",
    };

    static readonly Dictionary<object, string> constants = new()
    {
        [int.MaxValue] = "int.MaxValue", [int.MinValue] = "int.MinValue", [double.MaxValue] = "double.MaxValue",
        [double.PositiveInfinity] = "double.PositiveInfinity", [double.NegativeInfinity] = "double.NegativeInfinity",
    };

    public static MemberType Of(Type type) => new(Kind(type), Name(type), [.. Bases(type)], Constraints(type), type.IsEnum ? Values(type) : "", type.IsEnum ? [] : [.. Layers(type).SelectMany(Members)]);

    // With the base classes that nobody else can derive from: they hold what the original repeats.
    static IEnumerable<Type> Layers(Type type) =>
        type.BaseType is { IsAbstract: true } shared && shared.Assembly == type.Assembly && !Array.Exists(shared.GetConstructors(Declared), IsShown) ? [type, .. Layers(shared)] : [type];

    /// <summary>The base class and all interfaces, inherited ones too.</summary>
    static IEnumerable<string> Bases(Type type) => type.GetInterfaces().Append(type.BaseType).OfType<Type>().Select(Name);

    static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsValueType ? "struct"
        : type.IsInterface ? "interface"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class" : "class";

    static string Values(Type type) => string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => $"{value} = {(int)value}"));

    static string Constraints(Type type) =>
        string.Join(" where ", type.GetGenericArguments().Where(argument => argument.IsGenericParameter && argument.GetGenericParameterConstraints().Length > 0)
            .Select(argument => $"{argument.Name} : {string.Join(", ", argument.GetGenericParameterConstraints().Select(Name))}"));

    static IEnumerable<Member> Members(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(constructor => IsShown(constructor) && !constructor.IsStatic))
            yield return new(Modifiers(constructor), MemberKind.Constructor, "", Parameters(constructor), "");
        foreach (var property in type.GetProperties(Declared).Where(property => IsShown(property.GetMethod)))
            yield return new(Modifiers(property.GetMethod!), MemberKind.Property, property.Name, "", Name(property.PropertyType), Writer(property));
        foreach (var method in type.GetMethods(Declared).Where(method => IsShown(method) && !method.IsSpecialName))
            yield return new(Modifiers(method), MemberKind.Method, method.Name + TypeParameters(method), Parameters(method), Name(method.ReturnType));
        foreach (var method in type.GetMethods(Declared).Where(method => method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal)))
            yield return new("", MemberKind.Operator, method.Name == "op_BitwiseAnd" ? "&" : method.Name == "op_BitwiseOr" ? "|" : method.Name, Parameters(method), Name(method.ReturnType));
        foreach (var @event in type.GetEvents(Declared).Where(@event => IsShown(@event.AddMethod)))
            yield return new(Modifiers(@event.AddMethod!), MemberKind.Event, @event.Name, "", Name(@event.EventHandlerType!));
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily))
            yield return new("", MemberKind.Field, field.Name, "", Name(field.FieldType));
    }

    static bool IsShown(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    static string Modifiers(MethodBase method)
    {
        var access = method.IsPublic ? "" : "protected ";
        if (method.DeclaringType!.IsInterface) return "";
        if (method.IsStatic) return access + "static ";
        if (method.IsAbstract) return access + "abstract ";
        // A method that implements an interface and is not meant to be overridden is virtual and final.
        if (!method.IsVirtual || method.IsFinal) return access;
        return access + (((MethodInfo)method).GetBaseDefinition() == method ? "virtual " : "override ");
    }

    static string Writer(PropertyInfo property) => !IsShown(property.SetMethod) ? "" : property.SetMethod!.IsPublic || !property.GetMethod!.IsPublic ? "set" : "protected set";

    static string TypeParameters(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    static string Parameters(MethodBase method)
    {
        var extends = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? "this " : "";
        return extends + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    static string Parameter(ParameterInfo parameter)
    {
        var kind = parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        return $"{kind}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Constant(parameter)}" : "")}";
    }

    static string Constant(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        var value when parameter.ParameterType.IsEnum => $"{Name(parameter.ParameterType)}.{Enum.ToObject(parameter.ParameterType, value)}",
        var value => constants.GetValueOrDefault(value) ?? Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    static string Name(Type type)
    {
        if (keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return $"{Name(underlying)}?";
        if (type.IsGenericParameter) return type.Name;
        var name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
