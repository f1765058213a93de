using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Omis.Agent.Configuration.Shapes;
using Omis.Agent.Core.Notifying;
using Omis.Agent.Core.Settings;
using Omis.Agent.Entra;

namespace Omis.Agent.Notifiers;

/// <summary>One way of telling people or machines: its name in the config, its keys there, and how it is made.</summary>
/// <param name="Name">The key below <c>notify</c>.</param>
internal sealed record NotifierKind(string Name, string Description, ObjectShape<ChannelSettings> Shape, Func<ChannelSettings, NotifierTools, INotifier> Make);

/// <summary>What every notifier works with.</summary>
internal sealed record NotifierTools(Poster Poster, string Host, TimeProvider Time)
{
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How tokens of Entra's are got; null for Azure's own way.</summary>
    public SignIn? SignIn { get; init; }
}
