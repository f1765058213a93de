using System.Collections.Immutable;

namespace Omis.Agent.Engine.Tests.Model;

/// <summary>What becomes of a container of an image.</summary>
internal enum Kind
{
    Good,
    ExitsAtOnce,

    /// <summary>The engine refuses to create a container of it.</summary>
    NoCommand,

    /// <summary>The engine cannot start a container of it.</summary>
    MissingEntrypoint,
}

/// <summary>One thing that happens to a machine. Each can happen in any state, so that any of them can be left out when a failure is shrunk.</summary>
internal abstract record Act
{
    private Act()
    {
    }

    /// <summary>New images for these services, all good but the last one's.</summary>
    public sealed record Push(ImmutableArray<string> Services, Kind Last) : Act
    {
        public override string ToString() => $"push {string.Join('+', Services)}{(Last == Kind.Good ? "" : $" ({Services[^1]} {Last})")}";
    }

    /// <summary>The registry's tag goes back to the nth version that was ever pushed for the service.</summary>
    public sealed record PushBack(string Service, int Nth) : Act;

    public sealed record Cycle : Act;

    /// <summary>A cycle that is killed at its nth call that changes the engine, if it comes to that.</summary>
    public sealed record Kill(int Nth, Kills.Moment Moment) : Act;

    /// <summary>A cycle in which the engine dies at the nth call that changes it and is started again.</summary>
    public sealed record EngineDeath(int Nth) : Act;

    public sealed record EngineRestart : Act;

    /// <summary>A cycle in which the wall clock steps at the nth call that changes the engine, and stays so.</summary>
    public sealed record ClockJump(int Hours, int Nth) : Act;

    /// <summary>A person's `docker compose up -d`, with or without a look at the registry.</summary>
    public sealed record Up(bool Pulls) : Act;

    public sealed record Pull : Act;

    public sealed record Down : Act;

    public sealed record Remove(string Service) : Act;

    public sealed record Stop(string Service) : Act;

    public sealed record Rollback(string? Service) : Act;

    /// <summary>Null: at what runs; else at the nth version that was ever pushed for the service.</summary>
    public sealed record Pin(string Service, int? Nth) : Act;

    public sealed record Unpin(string? Service) : Act;

    public sealed record ClearQuarantine : Act;
}
