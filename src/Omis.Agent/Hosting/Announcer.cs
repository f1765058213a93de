using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Omis.Agent.Core.Naming;
using Omis.Agent.Core.Recording;

namespace Omis.Agent.Hosting;

/// <summary>Tells the service manager and other processes what the service is at. That nobody could be told is no reason to stop.</summary>
internal sealed partial class Announcer(IServiceBoard board, ServiceManager manager, ILogger<Announcer> logger)
{
    private ServiceSign said = ServiceProcess.Sign(ServiceActivity.Checking, null);

    public Task SayAsync(ServiceActivity activity, DateTimeOffset? nextCheckAt)
    {
        manager.Say(activity, nextCheckAt);
        return SayAsync(said with { Activity = activity, NextCheckAt = nextCheckAt });
    }

    /// <param name="problems">Of a config that was refused; empty once one is in force.</param>
    public Task SayAsync(ImmutableArray<string> problems) => SayAsync(said with { ConfigRefused = problems });

    private async Task SayAsync(ServiceSign sign)
    {
        try
        {
            said = sign;
            await board.PutAsync(sign, CancellationToken.None);
        }
        catch (EnvironmentException fault)
        {
            Unheard(logger, fault.Message);
        }
    }

    [LoggerMessage(5021, LogLevel.Warning, "'status' cannot be told what the service is at: {Problem}")]
    private static partial void Unheard(ILogger logger, string problem);
}
