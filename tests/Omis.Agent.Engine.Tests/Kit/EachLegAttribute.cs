using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>Runs a theory once on each leg of the lab; the leg's name is the argument.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachLegAttribute : DataAttribute
{
    /// <summary>True where the engines between the oldest and the newest are worth their time too.</summary>
    public bool All { get; set; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. (All ? Lab.Current.AllLegs : Lab.Current.Legs).Select(leg => new TheoryDataRow<string>(leg))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
