using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Omis.Agent.Engine.Tests.Fidelity;

/// <summary>Runs a theory once for each leg of the lab with each compose; the leg's name and compose's version are the arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachJudgeAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(
            [.. Lab.Current.AllLegs.SelectMany(leg => Lab.Current.Compose.Select(compose => new TheoryDataRow<string, string>(leg, compose.Version)))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
