using Omis.Agent.Core.Rollout;

namespace Omis.Agent.Rendering;

/// <summary>Shows a rollout while it runs, until disposed.</summary>
internal interface IWatch : IProgress<RolloutEvent>, IDisposable;
