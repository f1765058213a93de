using System.Reflection;
using System.Runtime.CompilerServices;
using Omis.Agent.Core.Naming;

namespace Omis.Agent.Core.Tests;

/// <summary>Who may know whom: Core knows no adapter, a stage knows only the stages before it, adapters do not know each other.</summary>
public sealed class DependencyRuleTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Stages = ["Naming", "Observing", "Checking", "Planning", "Gating", "Applying", "Probing", "Recording", "Notifying", "Settings", "Rollout"];

    private static readonly string[] Adapters = ["Targets.Compose", "Registries", "Probes", "Journal", "Control", "Notifiers"];

    private static readonly Assembly Core = typeof(Digest).Assembly;

    private static readonly Assembly Agent = Assembly.Load("omis-agent");

    [Fact]
    public void Core_references_only_abstractions()
    {
        var references = Core.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.All(references, name => Assert.True(name.StartsWith("System.", StringComparison.Ordinal) || name.EndsWith(".Abstractions", StringComparison.Ordinal), name));
    }

    [Fact]
    public void A_stage_uses_only_the_stages_before_it()
    {
        var wrong =
            from type in TypesOf(Core)
            let own = Array.IndexOf(Stages, Room(type, Core))
            from used in Uses(type).Where(used => used.Assembly == Core)
            where Array.IndexOf(Stages, Room(used, Core)) > own
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Every_type_of_Core_lives_in_a_known_stage() =>
        Assert.Empty(TypesOf(Core).Where(type => !Stages.Contains(Room(type, Core))).Select(type => type.FullName));

    [Fact]
    public void Adapters_know_Core_and_the_engine_but_not_each_other()
    {
        var wrong =
            from type in TypesOf(Agent)
            let own = Adapters.FirstOrDefault(adapter => IsIn(type, adapter))
            where own is not null
            from used in Uses(type)
            let other = Adapters.FirstOrDefault(adapter => IsIn(used, adapter))
            where other is not null && other != own
            select $"{type.FullName} uses {used.FullName}";
        Assert.Empty(wrong.Distinct());
    }

    [Fact]
    public void Only_the_engine_room_and_the_target_know_the_client_library()
    {
        string[] allowed = ["Engine", "Targets.Compose", "Hosting", "Registries"];
        var wrong = TypesOf(Agent).Where(type => !allowed.Any(room => IsIn(type, room)))
            .Where(type => Uses(type).Any(used => used.Namespace?.StartsWith("Docker.DotNet", StringComparison.Ordinal) ?? false));
        Assert.Empty(wrong.Select(type => type.FullName));
    }

    private static bool IsIn(Type type, string room) =>
        type.Namespace is { } name && (name == $"Omis.Agent.{room}" || name.StartsWith($"Omis.Agent.{room}.", StringComparison.Ordinal));

    private static string? Room(Type type, Assembly assembly) => type.Namespace?[(assembly.GetName().Name!.Length + 1)..].Split('.')[0];

    private static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly.GetTypes().Where(type => type.Namespace?.StartsWith("Omis.", StringComparison.Ordinal) ?? false)
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) || type.DeclaringType is not null);

    private static IEnumerable<Type> Uses(Type type)
    {
        var signatures = type.GetFields(Everything).Select(field => field.FieldType)
            .Concat(type.GetProperties(Everything).Select(property => property.PropertyType))
            .Concat(type.GetMethods(Everything).SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType).Concat(Locals(method))))
            .Concat(type.GetConstructors(Everything).SelectMany(constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType).Concat(Locals(constructor))))
            .Concat(type.GetInterfaces()).Append(type.BaseType);
        return signatures.OfType<Type>().SelectMany(Parts).Where(part => part != type);
    }

    private static IEnumerable<Type> Locals(MethodBase method) => method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? [];

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : type.HasElementType ? Parts(type.GetElementType()!) : [type];
}
