namespace Omis.Agent.Tests.Registries.Acr;

/// <summary>Tests that set what Azure.Identity reads from the process's environment run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class AzureEnvironment
{
    public const string Name = "Azure's environment";
}

/// <summary>Variables of the process, put back in the end.</summary>
internal sealed class Variables : IDisposable
{
    private readonly List<(string Name, string? Before)> _before = [];

    public Variables Set(string name, string? value)
    {
        _before.Add((name, Environment.GetEnvironmentVariable(name)));
        Environment.SetEnvironmentVariable(name, value);
        return this;
    }

    public void Dispose()
    {
        foreach (var (name, before) in Enumerable.Reverse(_before))
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }
}
