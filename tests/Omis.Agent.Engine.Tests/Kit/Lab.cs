using System.Text.Json;

namespace Omis.Agent.Engine.Tests.Kit;

/// <summary>The engines, compose plugins and registry that the tests of this process share.</summary>
public sealed class Lab
{
    private static readonly Lazy<Lab> Loaded = new(() => Load(Environment.GetEnvironmentVariable("OMIS_LAB")));

    private readonly LabFile file;
    private readonly LabEngine[] all;

    private Lab(LabFile file)
    {
        this.file = file;
        all = [.. file.Engines.Select(facts => new LabEngine(facts))];
        Engines = all.Length < 3 ? all : [all[0], all[^1]];
        Registry = new LabRegistry(file.Registry);
    }

    /// <exception cref="InvalidOperationException">No lab is up: the message says how to get one.</exception>
    public static Lab Current => Loaded.Value;

    /// <summary>The oldest and the newest.</summary>
    public IReadOnlyList<LabEngine> Engines { get; }

    public LabRegistry Registry { get; }

    internal RegistryFacts RegistryFacts => file.Registry;

    public IReadOnlyList<ComposeBinary> Compose => file.Compose;

    public string Busybox => file.Busybox;

    /// <summary>Those that are up and those that could not be had, so that a test of the latter shows up as skipped.</summary>
    public IEnumerable<string> Legs => [.. Engines.Select(engine => engine.Leg), .. file.Skipped.Select(skipped => skipped.Leg)];

    /// <summary>With the engines in between.</summary>
    public IEnumerable<string> AllLegs => [.. all.Select(engine => engine.Leg), .. file.Skipped.Select(skipped => skipped.Leg)];

    public ComposeBinary NewestCompose => Compose.MaxBy(compose => Version.Parse(compose.Version))!;

    public ComposeBinary OldestCompose => Compose.MinBy(compose => Version.Parse(compose.Version))!;

    /// <summary>The engine of that leg; where it could not be had, the test is skipped with the lab's reason.</summary>
    public LabEngine Engine(string leg)
    {
        if (Array.Find(all, engine => engine.Leg == leg) is { } found)
        {
            return found;
        }

        Assert.Skip(WhyNot(leg));
        return null;
    }

    internal string WhyNot(string leg) =>
        file.Skipped.FirstOrDefault(skipped => skipped.Leg == leg)?.Reason ?? $"this lab was brought up without the leg '{leg}'";

    internal static Lab Load(string? path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException("No lab is up: run tests/run, or tests/lab/lab up DIR and set OMIS_LAB=DIR/lab.json.");
        }

        return new Lab(JsonSerializer.Deserialize<LabFile>(File.ReadAllText(path), JsonSerializerOptions.Web)!);
    }
}
