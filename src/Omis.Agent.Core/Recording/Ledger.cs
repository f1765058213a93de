using Omis.Agent.Core.Gating;

namespace Omis.Agent.Core.Recording;

/// <summary>All that is remembered between cycles.</summary>
public sealed record Ledger(IJournal Journal, IHistory History, IQuarantine Quarantine, IPauses Pauses, IPins Pins);
