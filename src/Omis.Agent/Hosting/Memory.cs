using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Recording;
using Omis.Agent.Core.Settings;
using Omis.Agent.Journal;

namespace Omis.Agent.Hosting;

/// <summary>What the state directory remembers.</summary>
internal sealed class Memory : IDisposable
{
    private readonly StateDatabase state;
    private Func<AgentSettings> now;

    private Memory(StateDatabase state, AgentSettings settings)
    {
        this.state = state;
        now = () => settings;
        var addressees = new Addressees(() => [.. now().Notify.Channels.Select(channel => new Channel(channel.Name, channel.Rules))]);
        Outbox = new SqliteOutbox(state);
        OutboxLock = new OutboxLock(settings.StateDirectory);
        Ledger = new Ledger(new SqliteJournal(state, addressees), new SqliteHistory(state, addressees), new SqliteQuarantine(state), new SqlitePauses(state), new SqlitePins(state));
        Board = new SqliteServiceBoard(state);
        Lock = new EngineLock(settings.StateDirectory);
    }

    public Ledger Ledger { get; }

    public IOutbox Outbox { get; }

    public OutboxLock OutboxLock { get; }

    public IServiceBoard Board { get; }

    public EngineLock Lock { get; }

    /// <summary>Databases that were set aside as damaged, by file name.</summary>
    public ImmutableArray<string> SetAside => state.SetAside;

    /// <summary>Where reading, once something was read: why the database is taken for empty though it is there.</summary>
    public string? Unreadable => state.Unreadable;

    public static Memory Open(AgentSettings settings, ILoggerFactory logging, TimeProvider time) =>
        new(StateDatabase.Open(settings.StateDirectory, time, logging.CreateLogger<StateDatabase>()), settings);

    /// <summary>For verbs that only look: they create nothing, not even the directory.</summary>
    public static Memory OpenForReading(AgentSettings settings, ILoggerFactory logging, TimeProvider time) =>
        new(StateDatabase.OpenForReading(settings.StateDirectory, time, logging.CreateLogger<StateDatabase>()), settings);

    /// <summary>From now on notices go to the channels of these settings, whichever are in force.</summary>
    public void Follow(LiveSettings settings) => now = () => settings.Current;

    public void Dispose() => state.Dispose();
}
