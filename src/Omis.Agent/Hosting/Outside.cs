using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Applying;
using Omis.Agent.Core.Checking;
using Omis.Agent.Core.Observing;
using Omis.Agent.Core.Probing;
using Omis.Agent.Core.Settings;
using Omis.Agent.Registries.Credentials;

namespace Omis.Agent.Hosting;

/// <summary>The borders where the agent meets an engine and registries. Making them asks nobody anything yet.</summary>
internal sealed record Outside(EngineConnector Engine, RegistryConnector Registry);

internal delegate EngineParts EngineConnector(AgentSettings settings, IRegistryCredentials credentials, ILoggerFactory logging, TimeProvider time);

internal delegate IImageRegistry RegistryConnector(AgentSettings settings, IRegistryCredentials credentials, ILoggerFactory logging, TimeProvider time);

/// <summary>What one engine is seen, changed and sampled through; they share its connection.</summary>
internal sealed record EngineParts(IWorkloadSource Source, ITarget Target, IHealthSampler Sampler, IKeptImages Kept, IDisposable? Connection = null);
